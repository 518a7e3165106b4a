#include "src/output/registry.hpp"

#include <array>

namespace plumb::output {

extern const Renderer kText, kJson, kJsonLines, kHtml, kNagios, kPrometheus;

namespace {
constexpr std::array<const Renderer*, 6> kRenderers{&kText, &kJson,   &kJsonLines,
                                                    &kHtml, &kNagios, &kPrometheus};
}  // namespace

std::span<const Renderer* const> renderers() { return kRenderers; }

const Renderer* find_renderer(std::string_view name) {
  for (const Renderer* renderer : kRenderers)
    if (renderer->name == name) return renderer;
  return nullptr;
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Renderer* renderer : kRenderers) names.emplace_back(renderer->name);
  return names;
}

std::string render(const Renderer& renderer, std::span<const Report> reports,
                   const RenderOptions& options) {
  Summary summary;
  for (const Report& report : reports) summary.count(report, options.fail_on);
  if (!renderer.streams()) return renderer.whole(reports, summary, options);
  std::string out;
  for (const Report& report : reports) out += renderer.each(report, options);
  const std::string top =
      renderer.holds_back(options) ? renderer.top(summary, options) : std::string();
  return top + out + renderer.end(summary, options);
}

}  // namespace plumb::output
