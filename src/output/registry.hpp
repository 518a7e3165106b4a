// The list of output formats: what -o offers and what its help says.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/output/renderer.hpp"

namespace plumb::output {

std::span<const Renderer* const> renderers();
const Renderer* find_renderer(std::string_view name);  // nullptr: no such format
std::vector<std::string> format_names();

// The whole output of a run, whichever way the format works.
std::string render(const Renderer& renderer, std::span<const Report> reports,
                   const RenderOptions& options);

}  // namespace plumb::output
