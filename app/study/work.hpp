#pragma once

// What is dealt to workers and comes back, as texts.

#include <optional>
#include <string>
#include <vector>

#include "app/study/point.hpp"

namespace eyrie {

/// Plans of one design's points, a task a network.
std::string plan_work(const std::vector<PointTask>&);
std::vector<PointPlan> plans_from_text(const std::string&);

/// One point to be computed.
std::string compute_work(const PointTask&);
/// Its answer.
StoredPoint point_from_text(const std::string&);

/// Answers work. One a process: what points have in common is kept.
class StudyWorker {
 public:
  StudyWorker(const Catalogue& catalogue, std::optional<Bytes> memory) : computer_{catalogue}, memory_{memory} {}
  /// Never throws.
  std::string answer(const std::string& work);

 private:
  PointComputer computer_;
  std::optional<Bytes> memory_;
};

}  // namespace eyrie
