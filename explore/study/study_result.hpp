#pragma once

// The answer of a study, as values. Every rendering is made from this; its JSON form is the public schema eyrie.study/1
// (docs/study_json.md).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "explore/study/measures.hpp"
#include "explore/study/parameters.hpp"
#include "explore/study/store.hpp"

namespace eyrie {

inline constexpr const char* kStudySchema = "eyrie.study/1";

/// Figures of a design by network, and over all of them.
struct DesignFigures {
  MeasureValues all;                   ///< `mean_of` the networks
  std::vector<MeasureValues> network;  ///< by workload; empty where there is none
};

struct DesignResult {
  std::int64_t number = 0;
  std::vector<std::string> values;                  ///< by parameter, as files have them
  std::vector<std::optional<AnyQuantity>> numbers;  ///< of values that are quantities
  PointStatus status = PointStatus::Done;           ///< of the first of its points that is not done
  std::string reason;
  bool front = false, sampled = false;
  std::optional<DesignFigures> closed, simulated;

  /// What it is ranked by: the most faithful there is. Null where it has none.
  [[nodiscard]] const DesignFigures* best() const { return simulated ? &*simulated : closed ? &*closed : nullptr; }
};

/// How far the closed form is from the simulation, over the points that have both.
struct FidelityError {
  std::size_t measure = 0;
  std::int64_t points = 0;
  double median = 0, worst = 0;  ///< |closed / simulated - 1|
  std::int64_t worst_design = 0;
  std::string worst_workload;
};

struct StudyResult {
  std::string name, title, architecture, strategy;
  std::int64_t seed = 1;
  std::vector<std::string> workloads;
  std::vector<StudyParameter> parameters;
  std::vector<std::string> constraints;
  std::vector<std::size_t> objectives;  ///< in `measures`
  std::vector<DesignResult> designs;    ///< by number
  std::vector<std::int64_t> front;      ///< numbers, by rising first objective
  std::vector<FidelityError> errors;
  bool simulated = false;  ///< the front is of simulated figures
  bool reports = false;    ///< each design with figures has a page under designs/
};

/// Ranks what is there: designs whose figures are known are compared in the objectives, those that were simulated only
/// with each other if any were. Sets `front` everywhere, and `errors`.
void rank(StudyResult&);

/// Objectives of figures, all to be small; empty where one is not known.
std::vector<double> objectives_of(const MeasureValues&, const std::vector<std::size_t>& objectives);

std::string to_json(const StudyResult&);
/// A row a design, units in the column names, RFC 4180; `front_only`: those of the front, in its order.
std::string to_csv(const StudyResult&, bool front_only);
/// For a terminal: the front, the designs that failed by reason, the closed form's errors.
std::string to_table(const StudyResult&);

}  // namespace eyrie
