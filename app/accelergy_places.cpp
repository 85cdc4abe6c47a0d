#include "app/accelergy_places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/quantities.hpp"
#include "interchange/accelergy.hpp"

namespace eyrie {

namespace {

/// A word of Accelergy's tables, and the action that it prices.
struct ActionWord {
  std::string_view theirs;
  Priced ours;
};

constexpr ActionWord kWords[] = {{"compute", Priced::Mac},
                                 {"multiply", Priced::Mac},
                                 {"mac_random", Priced::Mac},
                                 {"gated_compute", Priced::GatedMac},
                                 {"gated_multiply", Priced::GatedMac},
                                 {"mac_gated", Priced::GatedMac},
                                 {"update", Priced::Write},
                                 {"leak", Priced::Leakage},
                                 {"idle", Priced::Leakage},
                                 {"transfer", Priced::Send},
                                 {"transfer_random", Priced::Send}};

bool same_but_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// LEFT=RIGHT of an option, both not empty.
std::pair<std::string, std::string> sides(const std::string& text, const char* option, const char* like) {
  const auto at = text.find('=');
  if (at == std::string::npos || at == 0 || at + 1 == text.size())
    throw InputError({option, 0, 0}, fmt::format("{} is no assignment", text), fmt::format("write it like {}", like));
  return {text.substr(0, at), text.substr(at + 1)};
}

/// A path without its ranges.
std::string bare(const std::string& name) {
  std::string text;
  bool inside = false;
  for (const char c : name) {
    inside = inside || c == '[';
    if (!inside) text += c;
    if (c == ']') inside = false;
  }
  return text;
}

/// Without a machine a name may be a kind.
std::string guessed_kind(const std::string& name) {
  for (const char* kind : {"dram", "sram", "noc", "link", "spad", "mac", "rlc", "array", "chip"})
    if (same_but_case(name, kind)) return kind;
  return name;
}

}  // namespace

std::string accelergy_argument(const ErtAction& action, std::string_view key) {
  for (const auto& [name, value] : action.arguments)
    if (name == key) return value;
  return {};
}

std::optional<Priced> accelergy_action(const ErtAction& action, std::string_view kind) {
  const auto& word = action.name;
  // Theirs is what a part leaks while it is idle; ours, of which exports say what it is per, what a waiting PE takes.
  if (word == "idle" && accelergy_argument(action, "per") == name_of(Per::IdleCycle)) return Priced::Idle;
  for (const auto& row : kWords)
    if (row.theirs == word) return row.ours == Priced::Send && kind == "link" ? Priced::Hop : row.ours;
  for (const auto& row : names<Priced>::table)
    if (row.name == word) return row.value;
  return std::nullopt;
}

AccelergyPlaces::AccelergyPlaces(const AccelergyFiles& files, std::vector<AccelergyComponent> components)
    : components_{std::move(components)} {
  for (const auto& n : files.names) names_.insert(sides(n, "--name", "system.shared_glb=glb"));
  for (const auto& n : files.access_bits) {
    const auto [name, bits] = sides(n, "--access-bits", "glb=64");
    const auto number = parse_integer(bits);
    if (!number || *number < 1 || *number > 1'000'000)
      throw InputError({"--access-bits", 0, 0}, fmt::format("{} is no number of bits", bits), "write it like glb=64");
    access_[name] = Bits{*number};
  }
}

std::string AccelergyPlaces::ours(const std::string& name, const std::string& leaf) {
  for (const auto& [theirs, ours] : names_)
    if (theirs == name || theirs == leaf || theirs == bare(name)) {
      used_.push_back(theirs);
      return ours;
    }
  return leaf;
}

std::optional<AccelergyPlaces::Found> AccelergyPlaces::find(const std::string& name, const Place& where) {
  const auto parsed = accelergy_name(name, where);
  const auto wanted = ours(name, parsed.leaf);
  if (components_.empty())
    return Found{AccelergyComponent{wanted, guessed_kind(wanted), parsed.instances, {}}, parsed.instances};
  const auto it = std::ranges::find_if(components_, [&](const auto& c) { return same_but_case(c.name, wanted); });
  if (it == components_.end()) return std::nullopt;
  return Found{*it, parsed.instances};
}

std::string AccelergyPlaces::remedy(const std::string& name) const {
  std::vector<std::string_view> known;
  for (const auto& c : components_) known.push_back(c.name);
  return fmt::format("{}; write --name {}=OURS", did_you_mean(accelergy_name(name, {}).leaf, known), bare(name));
}

std::optional<Bits> AccelergyPlaces::stated_access(const std::string& component) {
  const auto it = access_.find(component);
  if (it == access_.end()) return std::nullopt;
  used_.push_back(component);
  return it->second;
}

void AccelergyPlaces::check_used(Diagnostics& wrong) const {
  const auto check = [&](const char* option, const std::string& name) {
    if (!std::ranges::count(used_, name))
      wrong.error({option, 0, 0}, fmt::format("{} is in neither table", name), "write it as the tables have it");
  };
  for (const auto& [name, ours] : names_) check("--name", name);
  for (const auto& [name, bits] : access_) check("--access-bits", name);
}

}  // namespace eyrie
