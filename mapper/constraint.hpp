#pragma once

// What can stand in the way of a mapping: the lines of the user's files that a mapping must obey, one by one, and what
// would become of the problem without them.

#include <optional>
#include <string>
#include <vector>

#include "mapper/feasible.hpp"

namespace eyrie {

/// The files that say what a mapping must obey; `Question` is the experiment or the command line.
enum class Document : std::uint8_t { Architecture, Dataflow, Question };

/// Kinds of constraints.
enum class Rule : std::uint8_t {
  Operations,      ///< the PEs don't know the layer's operation
  Rows,            ///< PEs above each other
  Depth,           ///< words of a spad
  Banks,           ///< of a partition
  DoubleBuffered,  ///< a partition needs room for two tiles
  Bypass,          ///< tensors may not go past their partition
  WholeInPe,       ///< a PE does all of a dimension in a pass
  WholeOnY,        ///< all of a dimension lies along y
  Y,               ///< a dimension may not be spread along y
  Pe,              ///< a PE may not have more than one element of a dimension
  Longest,         ///< a tensor's words stay longest in the PE
  Space,           ///< parts must divide dimensions
  CycleLimit       ///< of the question
};

/// One constraint, where it stands, and what it is about.
struct Constraint {
  Rule rule = Rule::Rows;
  Document document = Document::Architecture;
  std::string path;  ///< in the document, as in Override: `array.spads.ifmap_spad.depth`, `whole_in_pe.1`
  std::string id;    ///< stable: the key's path, with the element if it is one of a list (`whole_in_pe.S`)
  std::optional<std::int64_t> has;  ///< its value if it is a number; more is laxer
  Dim dim = Dim::G;                 ///< of WholeInPe, WholeOnY, Y, Pe
  std::size_t buffer = 0;           ///< of Banks, DoubleBuffered, Bypass
  std::size_t part = 0;             ///< the partition in it, or the spad of Depth
  bool operator==(const Constraint&) const = default;
};

/// The constraints that could be obeyed less, machine first, in the order of its file. Columns and `x` are never among
/// them: feasible.hpp says why.
std::vector<Constraint> constraints_of(const MapProblem&);

/// An array has no more rows than this, as its file's reader says.
inline constexpr std::int64_t kMostRows = 4096;

/// Takes a constraint away altogether.
void relax(MapProblem&, const Constraint&);
/// Gives a constraint that is a number another value.
void set_value(MapProblem&, const Constraint&, std::int64_t value);

}  // namespace eyrie
