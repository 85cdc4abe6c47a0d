#include "report/stored_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/yaml.hpp"

namespace eyrie {

using Json = nlohmann::ordered_json;

/// Line and column of a byte, from 1.
static Place place_of_byte(const std::string& path, std::string_view text, std::size_t byte) {
  const auto before = text.substr(0, std::min(byte, text.size()));
  const auto line = before.rfind('\n');
  return {path, static_cast<int>(std::ranges::count(before, '\n')) + 1,
          static_cast<int>(line == std::string_view::npos ? before.size() : before.size() - line - 1) + 1};
}

static Json parsed(const std::string& text, const std::string& path, const std::string& again) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& e) {
    const auto at = e.byte > 0 ? e.byte - 1 : 0;  // of the byte that was read last, from 1
    if (at >= text.size())
      throw InputError(place_of_byte(path, text, text.size()), "the JSON ends before it is whole", again);
    throw InputError(place_of_byte(path, text, at), "from here on this is no JSON", again);
  } catch (const Json::exception&) {
    throw InputError({path, 1, 1}, "the JSON has a number that no computer holds", again);
  }
}

StoredJson::StoredJson(std::string text, std::string path, std::span<const std::string_view> schemas, std::string again)
    : text_{std::move(text)}, path_{std::move(path)}, again_{std::move(again)}, root_(parsed(text_, path_, again_)) {
  const auto wanted = fmt::format("{}", fmt::join(schemas, ", "));
  const auto* schema = root_.is_object() ? find("schema") : nullptr;
  if (!schema || !schema->is_string())
    throw InputError({path_, 1, 1}, "the file has no key schema", fmt::format("wanted is JSON of {}", wanted));
  const auto& said = schema->get_ref<const std::string&>();
  if (!std::ranges::count(schemas, said))
    throw InputError(place_of("schema"), fmt::format("the schema is {}, which is not read here", said),
                     fmt::format("wanted is {}; {}", wanted, again_));
}

const Json* StoredJson::find(const std::string& at) const {
  const Json* here = &root_;
  if (at.empty()) return here;
  for (std::size_t from = 0; from <= at.size();) {
    const auto end = std::min(at.find('.', from), at.size());
    const auto key = at.substr(from, end - from);
    if (here->is_object() && here->contains(key))
      here = &(*here)[key];
    else if (here->is_array() && !key.empty() && std::ranges::all_of(key, ::isdigit) && std::stoul(key) < here->size())
      here = &(*here)[std::stoul(key)];
    else
      return nullptr;
    from = end + 1;
  }
  return here;
}

Place StoredJson::place_of(const std::string& at) const {
  try {
    if (!places_) places_ = YamlDocument::from_text(text_, path_);
    return places_->place_of(at);
  } catch (const InputError&) {
    return {path_, 1, 1};
  }
}

const Json* StoredJson::typed(const std::string& at, bool (*is)(const Json&), const char* wanted,
                              Diagnostics& wrong) const {
  const auto* value = find(at);
  if (value && is(*value)) return value;
  if (!value)
    wrong.error(place_of(at), fmt::format("the key {} is missing", at), again_);
  else
    wrong.error(place_of(at), fmt::format("{} is {}", at, value->is_primitive() ? value->dump() : "no single value"),
                fmt::format("it must be {}", wanted));
  return nullptr;
}

std::string StoredJson::string(const std::string& at, Diagnostics& wrong) const {
  const auto* value = typed(
      at, [](const Json& j) { return j.is_string(); }, "a text", wrong);
  return value ? value->get<std::string>() : std::string();
}

bool StoredJson::truth(const std::string& at, Diagnostics& wrong) const {
  const auto* value = typed(
      at, [](const Json& j) { return j.is_boolean(); }, "true or false", wrong);
  return value && value->get<bool>();
}

double StoredJson::number(const std::string& at, Diagnostics& wrong) const {
  const auto* value = typed(
      at, [](const Json& j) { return j.is_number(); }, "a number", wrong);
  return value ? value->get<double>() : 0;
}

std::int64_t StoredJson::whole(const std::string& at, Diagnostics& wrong) const {
  const auto* value = typed(
      at,
      [](const Json& j) {
        constexpr std::int64_t kMost = std::int64_t{1} << 53;  // what readers that know only doubles hold
        return j.is_number_integer() && j >= 0 && j <= kMost;
      },
      "a whole number from 0", wrong);
  return value ? value->get<std::int64_t>() : 0;
}

std::optional<double> StoredJson::number_if_any(const std::string& at, Diagnostics& wrong) const {
  const auto* value = find(at);
  if (!value || value->is_null()) return std::nullopt;
  return number(at, wrong);
}

std::size_t StoredJson::entries(const std::string& at, Diagnostics& wrong) const {
  const auto* value = typed(
      at, [](const Json& j) { return j.is_array(); }, "a list", wrong);
  return value ? value->size() : 0;
}

std::vector<std::string> StoredJson::keys(const std::string& at, Diagnostics& wrong) const {
  const auto* value = typed(
      at, [](const Json& j) { return j.is_object(); }, "a map", wrong);
  std::vector<std::string> all;
  if (value)
    for (const auto& [key, inner] : value->items()) all.push_back(key);
  return all;
}

void StoredJson::only(const std::string& at, std::span<const std::string_view> known, Diagnostics& wrong) const {
  for (const auto& key : keys(at, wrong))
    if (!std::ranges::count(known, key))
      wrong.error(place_of(at.empty() ? key : at + "." + key),
                  fmt::format("{} has no key {}", at.empty() ? "the file" : at, key), did_you_mean(key, known));
}

}  // namespace eyrie
