#pragma once

// Arithmetic over named quantities, as study files have it: `ceil(glb / 4 KiB) - 2`, `area < 4 mm2`.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/quantities.hpp"

namespace eyrie {

using NamedQuantities = std::map<std::string, AnyQuantity>;

/// An InputError about units: they are mixed, whatever the values are.
class UnitError : public InputError {
 public:
  using InputError::InputError;
};

/// An expression over numbers with units and names: + - * / ^, parentheses, min, max, floor, ceil, round, sqrt, log2,
/// and the other functions of muParser.
class Expression {
 public:
  /// InputError at `where` if it is none, or holds a name that is not among `names`; `later` ones come too late.
  Expression(std::string text, const std::vector<std::string>& names, const Place& where,
             const std::vector<std::string>& later = {});
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::vector<std::string>& used() const { return used_; }  ///< names in it, sorted
  /// The value in base units. UnitError if units are mixed (`glb + 3`); InputError if it is no finite number, or a name
  /// has no value. Which unit a value has is found by evaluating again with each unit twice as large, and nothing
  /// rounded: a rounded value keeps its unit.
  [[nodiscard]] AnyQuantity of(const NamedQuantities&) const;

 private:
  enum class Rounding : std::uint8_t { Done, LeftOut };
  [[nodiscard]] double evaluate(const NamedQuantities&, Rounding, Dimension doubled) const;
  [[nodiscard]] bool has(const NamedQuantities&, Dimension) const;
  std::string text_;
  std::string plain_;  ///< with units as factors: `4 * _unit_0`
  struct Unit {
    double factor;
    Dimension dimension;
  };
  std::vector<Unit> units_;
  std::vector<std::string> used_;
  Place where_;
};

/// `EXPRESSION < EXPRESSION`, or one of <=, >, >=, ==, !=.
class StudyConstraint {
 public:
  /// InputError at `where` as above, and without a comparison.
  StudyConstraint(std::string text, const std::vector<std::string>& names, const Place& where);
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::vector<std::string> used() const;  ///< names in it, sorted
  /// Does it need nothing but these names?
  [[nodiscard]] bool needs_only(const NamedQuantities&) const;
  /// Empty if it holds; else how it does not: "rows * columns is 288, and rows * columns <= 256 is wanted".
  [[nodiscard]] std::string broken_by(const NamedQuantities&) const;

 private:
  std::string text_, comparison_;
  std::vector<Expression> sides_;  ///< left, right
  Place where_;
};

}  // namespace eyrie
