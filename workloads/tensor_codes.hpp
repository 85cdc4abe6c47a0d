#pragma once

// Which tensors of a network share a code, and what code each gets.

#include <map>
#include <string>

#include "workloads/quantise.hpp"

namespace eyrie {

/// Codes of everything that a network computes, from what it holds for the calibration inputs.
struct TensorCodes {
  std::map<std::string, TensorCode> codes;   ///< as `Model::codes` has them
  std::map<std::string, TensorCode> read;    ///< by layer with filters: the code of its input
  std::map<std::string, double> zero_share;  ///< the same: share of exact zeros in that input's tensor
};
TensorCodes tensor_codes(const Network&, const Model& real, const CalibrationInputs&, const PrecisionPlan&);

/// The code of symmetric words of `bits` bits that reach to `range` (0: all numbers were zeros).
TensorCode symmetric_code(Bits bits, bool is_unsigned, double range);

/// The tensor that a layer or network input is: what leaves words as they are has the name of what made them, states of
/// a cell before its first step have that of the state, and layers of a cell have no step in their names.
class TensorNames {
 public:
  explicit TensorNames(const Network&);
  [[nodiscard]] const std::string& of(const std::string& layer_or_input) const { return names_.at(layer_or_input); }

 private:
  std::map<std::string, std::string> names_;
};

}  // namespace eyrie
