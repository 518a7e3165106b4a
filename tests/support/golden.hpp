// Golden files: what a format prints for a sample, kept in tests/golden and reviewed as a diff.
// PLUMB_UPDATE_GOLDEN=1 rewrites them.
#pragma once

#include <string>
#include <string_view>

namespace plumb::test {

// Empty if `text` is what tests/golden/<name> holds (or was just rewritten), else what to say.
std::string differs_from_golden(std::string_view name, std::string_view text);

}  // namespace plumb::test
