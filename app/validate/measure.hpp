#pragma once

// Figures of ours, by layer and column, from whatever gauge an experiment names.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/validate/suite.hpp"

namespace eyrie {

/// Something that a figure is made of, in the figure's unit.
struct MeasuredPart {
  std::string what;
  double value = 0;
};

/// A figure of ours.
struct Measured {
  double value = 0;
  std::string unit;                 ///< "ms", "words", "MB", ...; empty for plain numbers
  std::string origin;               ///< simulated, closed form, simulated counts x table
  std::vector<MeasuredPart> parts;  ///< that sum to `value`; empty if it has none
};

/// How to measure.
struct MeasureOptions {
  unsigned jobs = 1;
  bool quiet = false;
  std::function<bool()> interrupted = [] { return false; };
};

/// One experiment of a suite, read and checked, then measured.
class MeasuredExperiment {
 public:
  MeasuredExperiment() = default;
  MeasuredExperiment(const MeasuredExperiment&) = delete;
  MeasuredExperiment& operator=(const MeasuredExperiment&) = delete;
  virtual ~MeasuredExperiment() = default;

  /// What is wrong with a column or a layer that a row asks for, and what would be right; no problem: nothing. Needs no
  /// measuring.
  struct Wrong {
    std::string problem, remedy;
  };
  [[nodiscard]] virtual std::optional<Wrong> wrong_column(const std::string& column) const = 0;
  [[nodiscard]] virtual std::optional<Wrong> wrong_layer(const std::string& layer) const {
    return unknown_layer(layer);
  }
  /// Of a column and a layer, or `total`, that are both right by themselves.
  [[nodiscard]] virtual std::optional<Wrong> wrong_pair(const std::string& /*column*/,
                                                        const std::string& /*layer*/) const {
    return std::nullopt;
  }
  /// Layers that it has figures of.
  [[nodiscard]] virtual std::vector<std::string> layers() const = 0;

  /// The experiment that `relative_to` names, of the same gauge or a SIMD core. It has to outlive this one, and to be
  /// measured before columns that compare are read.
  virtual void set_reference(const MeasuredExperiment&) {}

  /// Does the work. False if it was interrupted.
  virtual bool measure(const MeasureOptions&) = 0;
  /// What makes the figures of a measured experiment worthless: a layer that went stuck, words that are wrong. A line
  /// each.
  [[nodiscard]] virtual std::vector<std::string> troubles() const { return {}; }
  /// Of a layer or `total`, once measured; layer and column were asked about above.
  [[nodiscard]] virtual Measured read(const std::string& layer, const std::string& column) const = 0;

 protected:
  /// For `wrong_layer`: is it one of `layers`, or `total`?
  [[nodiscard]] std::optional<Wrong> unknown_layer(const std::string& layer) const;
};

std::unique_ptr<MeasuredExperiment> simulated_measurement(const SuiteExperiment&, const Catalogue&);
std::unique_ptr<MeasuredExperiment> closed_form_measurement(const SuiteExperiment&, const Catalogue&);
std::unique_ptr<MeasuredExperiment> isca2016_measurement(const SuiteExperiment&, const Catalogue&);
std::unique_ptr<MeasuredExperiment> activity_measurement(const SuiteExperiment&, const Catalogue&);

std::unique_ptr<MeasuredExperiment> simd_measurement(const SuiteExperiment&, const Catalogue&);

/// Layers of an experiment's network that are loop nests, those that it asks for, in the network's order.
std::vector<std::pair<std::string, LayerNest>> nests_of(const SuiteExperiment&, const Catalogue&);

/// By the experiment's gauge. InputError if its files are wrong.
std::unique_ptr<MeasuredExperiment> open_measurement(const SuiteExperiment&, const Catalogue&);

}  // namespace eyrie
