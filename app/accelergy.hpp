#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/catalogue.hpp"
#include "arch/architecture.hpp"
#include "energy/energy_table.hpp"

namespace eyrie {

/// What is imported and how it is read.
struct AccelergyFiles {
  std::string ert, art;            ///< paths; art may be empty
  std::string architecture;        ///< a machine whose components the tables are of; empty: names stay as they are
  std::string base;                ///< an energy table with the prices that the ERT doesn't have; empty: none
  std::vector<std::string> names;  ///< THEIRS=OURS: a path or its last part, and a component
  std::vector<std::string> access_bits;   ///< COMPONENT=BITS: what an access of it moves
  double technology_nm = 0, voltage = 0;  ///< 0: the machine's, and that of its table
  bool lenient = false;                   ///< what has no place is noted and left out, else an error
};

/// What an import gave.
struct AccelergyImport {
  EnergyTable table;
  std::vector<std::string> notes;  ///< what was chosen, and what is not used
};

/// An ERT, and an ART, as an energy table. InputError: what is wrong in the files; a component or an action that has no
/// place; an access of unknown width; no technology or voltage.
AccelergyImport import_accelergy_files(const AccelergyFiles&, const Catalogue&);

/// The same for the command line: notes to stderr, the table to `out`, or to stdout if that is empty. Returns 0.
int import_accelergy(const AccelergyFiles&, const Catalogue&, const std::string& out);

/// What an export did.
struct AccelergyExport {
  std::vector<std::string> written;   ///< paths
  std::vector<std::string> left_out;  ///< components without an area
};

/// Writes a machine's energy table as FOLDER/ERT.yaml and ART.yaml. An access moves what the component's port moves in
/// a cycle. std::runtime_error: a file can't be written.
AccelergyExport export_accelergy_files(const Architecture&, const EnergyTable&, const std::string& folder);

/// The same for the command line: what has no area, and what was written, to stderr.
void export_accelergy(const Architecture&, const EnergyTable&, const std::string& folder);

/// Internal to both: a component of a machine as Accelergy sees it.
struct AccelergyComponent {
  std::string name, kind;  ///< kind as in Price
  std::int64_t instances = 1;
  Bits access{};  ///< what an access moves: the widest port, a MAC's operand
};
/// DRAM, then all of `area_components`.
std::vector<AccelergyComponent> accelergy_components(const Architecture&);

}  // namespace eyrie
