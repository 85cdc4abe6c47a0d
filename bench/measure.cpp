#include "bench/measure.hpp"

#include <ctime>

namespace eyrie::bench {

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

PreparedExperiment mapped(const Experiment& e, double limit_s) {
  const Catalogue catalogue{EYRIE_SOURCE_DIR "/bench"};
  auto prepared = prepare(e, {}, catalogue);
  map_layers(prepared, {.question = {}, .time_limit_s = limit_s, .verify = false, .jobs = 1, .quiet = true},
             [] { return false; });
  return prepared;
}

}  // namespace eyrie::bench
