// Prometheus' text exposition format 0.0.4: families in the order they were first named, HELP and
// TYPE once, samples of a family together, a series once.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plumb::output {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

class Exposition {
 public:
  // A second sample of the same series is dropped: it would make the whole file unreadable.
  void gauge(std::string_view name, std::string_view help, const Labels& labels, double value);
  std::string text() const;

 private:
  struct Family {
    std::string_view name, help;
    std::vector<std::pair<std::string, std::string>> samples;  // labels, value
  };
  std::vector<Family> families_;
};

}  // namespace plumb::output
