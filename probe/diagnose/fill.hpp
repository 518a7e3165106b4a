// Filling the templates of a cause.
//
// What is filled in may come from a server, a resolver or a file. In a text it is printable and
// bounded; in a command, which people paste into a shell or a SQL prompt, only a word of harmless
// characters is filled in, anything else leaves a marked <placeholder>. One pass: a filled-in value
// is never read as a template again. Braces that hold no plain name ({"Value":true}) are left as
// they are.
#pragma once

#include <string>
#include <string_view>

#include "probe/model/cause.hpp"

namespace plumb {

// Later bindings win over earlier ones of the same name.
std::string fill_text(std::string_view text, const Bindings& bindings);
std::string fill_command(std::string_view command, const Bindings& bindings);

// host, port, user, addresses, and what the decisive observation knows: address, endpoint,
// resolver.
Bindings bindings_of(const Case& about, const Verdict& verdict);

bool is_safe_to_paste(std::string_view value);

}  // namespace plumb
