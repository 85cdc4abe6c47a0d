#pragma once

// Files of kind `changes` (docs/whatif.md).

#include <string>
#include <vector>

#include "app/catalogue.hpp"
#include "base/yaml.hpp"
#include "explore/whatif.hpp"

namespace eyrie {

struct StatedChange {
  std::string name, title;
  std::vector<std::string> set;
  Place where;
};
void describe(Fields&, StatedChange&);

/// A file of kind `changes`.
struct ChangesFile {
  std::string kind = "changes", name, title;
  bool replace = false;
  std::vector<StatedChange> changes;
};
void describe(Fields&, ChangesFile&);

/// Reads and checks what can be checked without a machine: overrides are `PATH=VALUE` of a document, each name stands
/// once, there is at least one change. All that is wrong is one InputError.
ChangesFile read_changes(const YamlDocument&);

/// The changes of a machine with those of a file: one of the same name takes the place of ours, others come behind;
/// `replace`: the file's alone. InputError at the change whose paths lead nowhere in the machine.
std::vector<MachineChange> with_stated(std::vector<MachineChange> ours, const ChangesFile&, const std::string& machine,
                                       const std::vector<std::string>& overrides, const Catalogue&);

}  // namespace eyrie
