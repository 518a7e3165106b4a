#include "src/output/facts_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "probe/model/keys.hpp"
#include "probe/model/printable.hpp"

namespace plumb::output {
namespace {

constexpr std::size_t kTextLimit = 65536;
constexpr std::size_t kNameLimit = 100;

void write_value(JsonText& out, const Value& value, Doubles doubles) {
  std::visit(
      [&](const auto& held) {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, std::vector<Facts>>) {
          out.begin_list();
          for (const Facts& row : held) write_facts(out, row, doubles);
          out.end_list();
        } else if constexpr (std::is_same_v<T, double>) {
          out.number(doubles == Doubles::rounded ? std::round(held * 1000) / 1000 : held);
        } else if constexpr (std::is_same_v<T, bool>) {
          out.flag(held);
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          out.number(held);
        } else if constexpr (std::is_same_v<T, std::string>) {
          out.text(held);
        } else {
          out.texts(held);
        }
      },
      value);
}

bool well_named(std::string_view name) {
  return !name.empty() && name.size() <= kNameLimit &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
         });
}

std::optional<Value> list_from_json(std::string_view name, const Json& json, std::string& error) {
  const bool rows = json.empty() ? name == key::tls_chain.name : json.front().is_object();
  std::vector<Facts> facts;
  std::vector<std::string> texts;
  for (const Json& item : json) {
    if (rows ? !item.is_object() : !item.is_string()) {
      error = fmt::format("fact {}: a list holds texts or objects, not {}", name, item.type_name());
      return std::nullopt;
    }
    if (!rows) {
      texts.push_back(printable(item.get_ref<const std::string&>(), kTextLimit));
    } else if (auto row = facts_from_json(item, error)) {
      facts.push_back(std::move(*row));
    } else {
      return std::nullopt;
    }
  }
  return rows ? Value(std::move(facts)) : Value(std::move(texts));
}

std::optional<Value> value_from_json(std::string_view name, const Json& json, std::string& error) {
  if (json.is_boolean()) return Value(json.get<bool>());
  if (json.is_number_float()) return Value(json.get<double>());
  if (json.is_string()) return Value(printable(json.get_ref<const std::string&>(), kTextLimit));
  if (json.is_array()) return list_from_json(name, json, error);
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > kMost) {
    error = fmt::format("fact {}: the number is too large", name);
    return std::nullopt;
  }
  if (json.is_number_integer()) return Value(json.get<std::int64_t>());
  error = fmt::format("fact {}: {} is no type of a fact", name, json.type_name());
  return std::nullopt;
}

}  // namespace

void write_facts(JsonText& out, const Facts& facts, Doubles doubles) {
  out.begin_object();
  for (const auto& [name, value] : facts) {
    const double* real = std::get_if<double>(&value);
    if (real && !std::isfinite(*real)) continue;
    out.key(name);
    write_value(out, value, doubles);
  }
  out.end_object();
}

std::optional<Facts> facts_from_json(const Json& json, std::string& error) {
  if (!json.is_object()) {
    error = fmt::format("facts must be an object, not {}", json.type_name());
    return std::nullopt;
  }
  Facts facts;
  for (const auto& [name, held] : json.items()) {
    if (!well_named(name)) {
      error = fmt::format("'{}' is no name of a fact", printable(name, kNameLimit));
      return std::nullopt;
    }
    auto value = value_from_json(name, held, error);
    if (!value) return std::nullopt;
    facts.set_raw(name, std::move(*value));
  }
  return facts;
}

void write_observations(JsonText& out, const Evidence& evidence, Doubles doubles) {
  out.begin_list();
  for (const Observation& seen : evidence.observations) {
    out.begin_object().key("n").number(seen.n).key("after").number(seen.after);
    out.key("phase").text(to_string(seen.phase));
    if (!seen.endpoint.empty()) out.key("endpoint").text(seen.endpoint);
    if (!seen.resolver.empty()) out.key("resolver").text(seen.resolver);
    out.key("took_ms").number(in_ms(seen.took));
    if (seen.failure) out.key("failure").text(to_string(*seen.failure));
    if (!seen.raw.empty()) out.key("raw").text(seen.raw);
    out.key("facts");
    write_facts(out, seen.facts, doubles);
    out.end_object();
  }
  out.end_list();
}

std::string dump_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string dump_pretty(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace plumb::output
