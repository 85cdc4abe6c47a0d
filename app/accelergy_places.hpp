#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/accelergy.hpp"
#include "base/diagnostics.hpp"
#include "interchange/accelergy.hpp"

namespace eyrie {

/// An argument of an action; empty if it has none of that name.
std::string accelergy_argument(const ErtAction&, std::string_view key);
/// The action that one of Accelergy's prices on a component of a kind; none if there is none here.
std::optional<Priced> accelergy_action(const ErtAction&, std::string_view kind);

/// Which component a name of Accelergy's is, and how wide its accesses are, by the machine and by options.
class AccelergyPlaces {
 public:
  /// Options NAME=VALUE are read; InputError: one that is not. Without components names stay as they are.
  AccelergyPlaces(const AccelergyFiles&, std::vector<AccelergyComponent>);

  /// A component, and how many of it the name's ranges stand for.
  struct Found {
    AccelergyComponent component;
    std::int64_t instances = 1;
  };
  /// None if the machine has no such component. InputError: no name.
  std::optional<Found> find(const std::string& name, const Place& where);
  /// What would be right for a name that was not found.
  [[nodiscard]] std::string remedy(const std::string& name) const;
  /// What an option says that an access of a component moves.
  std::optional<Bits> stated_access(const std::string& component);
  /// Adds options that nothing asked for.
  void check_used(Diagnostics&) const;

 private:
  /// A component's name here.
  std::string ours(const std::string& name, const std::string& leaf);

  std::vector<AccelergyComponent> components_;
  std::map<std::string, std::string> names_;
  std::map<std::string, Bits> access_;
  std::vector<std::string> used_;
};

}  // namespace eyrie
