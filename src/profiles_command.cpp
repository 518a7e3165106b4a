#include "src/profiles_command.hpp"

#include <span>
#include <string>
#include <vector>

#include "probe/model/printable.hpp"
#include "probe/model/profile.hpp"
#include "src/deliver.hpp"
#include "src/exit_code.hpp"
#include "src/output/profiles_text.hpp"
#include "src/profile_file.hpp"

namespace plumb {
int profiles_command(const ProfilesOptions& options) {
  ProfileFile own;
  if (!options.profile_file.empty()) own = read_profile_file(options.profile_file);
  if (!own.error.empty()) {
    complain("--profile-file: " + own.error);
    return kExitUsage;
  }
  std::vector<Profile> all;
  for (const auto& profile : own.profiles) all.push_back(profile->row());
  for (const Profile& profile : profiles()) all.push_back(profile);
  if (options.name.empty())
    return answer(options.json ? output::profiles_json(all) : output::profiles_list(all));
  const Profile* one = choose_profile(own.profiles, options.name, {}).profile;
  if (one)
    return answer(options.json ? output::profiles_json({one, 1}) : output::profile_page(*one));
  complain("no profile is called " + printable(options.name, 64) +
           "; 'plumb profiles' lists them all");
  return kExitUsage;
}

}  // namespace plumb
