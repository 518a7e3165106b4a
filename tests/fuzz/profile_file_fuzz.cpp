// A file of profiles is read whole or refused with a sentence; what is read can be shown and chosen by.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/output/profiles_text.hpp"
#include "src/profile_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const plumb::ProfileFile file =
      plumb::parse_profiles({reinterpret_cast<const char*>(data), size});
  if (file.error.empty() == file.profiles.empty()) std::abort();
  for (const auto& profile : file.profiles) {
    if (plumb::output::profile_page(profile->row()).find('\x1b') != std::string::npos) std::abort();
    if (plumb::choose_profile(file.profiles, profile->row().name, "").own != profile) std::abort();
    plumb::choose_profile(file.profiles, "", "db.corp.example");
  }
  return 0;
}
