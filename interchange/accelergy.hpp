#pragma once

// Accelergy's two tables, version 0.3 and 0.4: the energy reference table (ERT.yaml, pJ an action) and the area
// reference table (ART.yaml, um2 of one instance).

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/yaml.hpp"

namespace eyrie {

/// An action with one combination of argument values.
struct ErtAction {
  std::string name;
  std::vector<std::pair<std::string, std::string>> arguments;  ///< as written
  double energy_pj = 0;
  Place where{};
};

/// The actions of a component.
struct ErtTable {
  std::string name;  ///< path with ranges: `system.chip.PE[0..167].mac`, `system.mac[1..168]`
  std::vector<ErtAction> actions;
  Place where{};
};

struct ErtFile {
  std::vector<ErtTable> tables;
};

/// The area of one instance of a component.
struct ArtRow {
  std::string name;
  double area_um2 = 0;
  Place where{};
};

struct ArtFile {
  std::vector<ArtRow> rows;
};

/// Reads `ERT` (or `ART`) of a file; its summary and the other table may stand beside it and are not read. InputError:
/// no such key, another version, a table or an action twice, an energy or area below 0, a key that is none of theirs.
ErtFile read_ert(const YamlDocument&);
ArtFile read_art(const YamlDocument&);

/// As Accelergy 0.4 writes them: lists of tables, energies and areas to the last bit.
std::string ert_text(const ErtFile&);
std::string art_text(const ArtFile&);

/// What an Accelergy name says.
struct AccelergyName {
  std::string leaf;            ///< its last part, without ranges
  std::int64_t instances = 1;  ///< of all ranges together: `PE[0..167].mac` and `mac[1..168]` have 168
};
/// InputError at `where` if a range is not [from..to] with from <= to, or the last part is empty.
AccelergyName accelergy_name(std::string_view name, const Place& where);

}  // namespace eyrie
