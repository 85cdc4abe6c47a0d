#pragma once

// What a study changes: parameters with their values, and the designs that they make.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "explore/study/expression.hpp"

namespace eyrie {

/// Documents whose keys a design, or a change to a machine, may set: `architecture.PATH`, ...
inline constexpr std::string_view kSetDocuments[] = {"architecture", "workload", "energy_table", "dataflow",
                                                     "experiment"};

/// How the values of a range are spaced.
enum class Spacing : std::uint8_t { Linear, Log };
template <>
struct names<Spacing> {
  static constexpr Name<Spacing> table[] = {{"linear", Spacing::Linear, "equal differences"},
                                            {"log", Spacing::Log, "equal ratios"}};
};

/// Values from one end to the other, both included: by `step`, by `factor`, or so many `points`.
struct ValueRange {
  std::string from, to, step;
  double factor = 0;
  std::int64_t points = 0;
  std::optional<Spacing> spacing;  ///< of points; linear if it is not said
};
void describe(Fields&, ValueRange&);

/// One parameter of a study: values to choose from, or a value that follows from other parameters.
struct StudyParameter {
  std::string name, title;
  std::vector<std::string> set;     ///< what it sets: `architecture.PATH`, `workload.PATH`, `experiment.KEY`, ...
  std::vector<std::string> values;  ///< as they stand in files
  std::vector<std::string> labels;  ///< of the values, for reports; empty: the values themselves
  std::optional<ValueRange> range;
  std::string value;  ///< an expression; no choice then
  Place where;
};
void describe(Fields&, StudyParameter&);
/// How reports call a value.
const std::string& label_of(const StudyParameter&, const std::string& value);

/// One design: a text a parameter, in their order.
struct Design {
  std::vector<std::string> values;
  std::vector<std::optional<AnyQuantity>> numbers;  ///< of the values that are quantities
  NamedQuantities named;                            ///< the same by parameter
};

/// Which value each free parameter has, by their order.
using Choice = std::vector<std::size_t>;

/// All designs that parameters make.
class ParameterSpace {
 public:
  /// `measures`: names that constraints may have beside parameters. All that is wrong is one InputError.
  ParameterSpace(std::vector<StudyParameter>, const std::vector<std::string>& constraints, const Place& constraints_at,
                 const std::vector<std::string>& measures);

  [[nodiscard]] const std::vector<StudyParameter>& parameters() const { return parameters_; }
  /// Numbers of values of the free parameters.
  [[nodiscard]] const std::vector<std::size_t>& sizes() const { return sizes_; }
  [[nodiscard]] double combinations() const;
  /// InputError if an expression has no value here, or a fraction of what is whole.
  [[nodiscard]] Design design(const Choice&) const;
  /// How the first constraint that these values suffice for is broken; empty if none is.
  [[nodiscard]] std::string broken(const NamedQuantities&) const;
  [[nodiscard]] const std::vector<StudyConstraint>& constraints() const { return constraints_; }
  /// The label of a value.
  [[nodiscard]] std::string label(std::size_t parameter, const std::string& value) const;

 private:
  std::vector<StudyParameter> parameters_;
  std::vector<std::size_t> sizes_;
  std::vector<std::optional<Expression>> derived_;  ///< by parameter
  std::vector<StudyConstraint> constraints_;
};

/// The values of a range as texts. InputError at `where`.
std::vector<std::string> values_of(const ValueRange&, const Place& where);

}  // namespace eyrie
