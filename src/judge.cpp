#include "src/judge.hpp"

#include <utility>

#include "checks/remarks.hpp"
#include "probe/diagnose/diagnose.hpp"
#include "src/catalogue.hpp"

namespace plumb {

Report judge(Case about) {
  Report report;
  report.diagnosis = diagnose(about, catalogue());
  report.remarks = remarks(about);
  report.about = std::move(about);
  return report;
}

}  // namespace plumb
