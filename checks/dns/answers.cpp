#include "checks/dns/answers.hpp"

#include <algorithm>
#include <iterator>

#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::dns {

std::vector<Address> Step::addresses() const {
  std::vector<Address> out;
  const auto* texts = seen ? seen->facts.get(key::dns_answers) : nullptr;
  if (!texts) return out;
  for (const std::string& text : *texts)
    if (const auto address = Address::parse(text)) out.push_back(*address);
  return out;
}

std::string Step::name() const {
  return seen ? seen->facts.get_or(key::dns_question_name, std::string()) : std::string();
}

Step application_view(const Case& about) {
  Step found;
  int n = 0;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    ++n;
    if (seen.phase == Phase::resolve && seen.facts.get_or(key::dns_application_view, false))
      found = {&seen, n};
  }
  return found;
}

std::vector<Step> questions(const Case& about) {
  std::vector<Step> found;
  int n = 0;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    ++n;
    const bool asked = !seen.facts.get_or(key::dns_application_view, false);
    if (seen.phase == Phase::resolve && asked && seen.failure != Failure::cancelled)
      found.push_back({&seen, n});
  }
  return found;
}

std::vector<Step> failed(const std::vector<Step>& steps, std::initializer_list<Failure> failures) {
  std::vector<Step> found;
  std::ranges::copy_if(steps, std::back_inserter(found), [&](const Step& step) {
    return step.seen->failure && std::ranges::find(failures, *step.seen->failure) != failures.end();
  });
  return found;
}

std::vector<int> numbers(const std::vector<Step>& steps) {
  std::vector<int> out;
  for (const Step& step : steps) out.push_back(step.n);
  return out;
}

bool answered_elsewhere(const std::vector<Step>& steps, const Step& step) {
  const auto type = [](const Step& s) {
    return s.seen->facts.get_or(key::dns_question_type, std::string());
  };
  return std::ranges::any_of(steps, [&](const Step& other) {
    return other.seen->resolver != step.seen->resolver && other.name() == step.name() &&
           type(other) == type(step) && !other.addresses().empty();
  });
}

std::string joined(const std::vector<Address>& addresses) {
  constexpr std::size_t kMost = 8;
  std::string out;
  for (std::size_t i = 0; i < addresses.size() && i < kMost; ++i)
    out += (i ? ", " : "") + addresses[i].to_string();
  return addresses.size() > kMost ? out + " and more" : out;
}

bool some_connect_worked(const Case& about) {
  return std::ranges::any_of(experiment::first_pass(about.evidence), [](const Observation& seen) {
    return seen.phase == Phase::connect && !seen.failure;
  });
}

}  // namespace plumb::dns
