// --help at 80 columns, options under headings, --help and --version last. CLI11's own formatter does
// not wrap, and puts what the parser checks (ranges, sets of words) between an option and its text.
#pragma once

#include <memory>

namespace CLI {
class FormatterBase;
}

namespace plumb {

std::shared_ptr<CLI::FormatterBase> help_formatter();

}  // namespace plumb
