// The resolve steps of a case, read for the causes of this check: one question per resolver, name
// and type, and one observation of what an application would get from all of them together.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "probe/model/case.hpp"

namespace plumb::dns {

struct Step {
  const Observation* seen = nullptr;  // null: there is none
  int n = 0;

  bool failed_with(Failure failure) const { return seen && seen->failure == failure; }
  std::vector<Address> addresses() const;
  std::string name() const;  // lower case
};

Step application_view(const Case& about);
std::vector<Step> questions(const Case& about);
std::vector<Step> failed(const std::vector<Step>& steps, std::initializer_list<Failure> failures);
std::vector<int> numbers(const std::vector<Step>& steps);

// Did another resolver give addresses for the same name and type?
bool answered_elsewhere(const std::vector<Step>& steps, const Step& step);

std::string joined(const std::vector<Address>& addresses);
bool some_connect_worked(const Case& about);

}  // namespace plumb::dns
