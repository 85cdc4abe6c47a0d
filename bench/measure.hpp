#pragma once

// Seconds of CPU, and experiments as `eyrie run` would set them up.

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "app/experiment.hpp"

namespace eyrie::bench {

/// Of this process, user and system (the split of short times is a matter of luck).
double cpu_seconds();

/// Seconds of CPU that `act()` takes, and what it returned.
template <class Act>
auto timed(Act act) {
  const double began = cpu_seconds();
  auto value = act();
  return std::pair{cpu_seconds() - began, std::move(value)};
}

/// The least of several times.
struct Least {
  double seconds = std::numeric_limits<double>::infinity();
  void take(double s) { seconds = s < seconds ? s : seconds; }
};

/// Prepared with all mappings: shipped ones, and for other layers those of least energy that the mapper has met within
/// `limit_s` seconds a layer. InputError where a layer has no mapping.
PreparedExperiment mapped(const Experiment&, double limit_s);

}  // namespace eyrie::bench
