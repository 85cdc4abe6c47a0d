#include "bench/tables.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>

namespace eyrie::bench {

namespace {

/// In MiB, of this process so far.
double peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// The smallest value with at least this share of all at or below it.
double percentile(const std::vector<double>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

double counter(const benchmark::BenchmarkReporter::Run& run, const std::string& name) {
  const auto it = run.counters.find(name);
  return it == run.counters.end() ? 0 : it->second.value;
}

}  // namespace

Tables::Row Tables::row_of(const Run& run) {
  const auto name = run.benchmark_name();
  Row row{.layer = name.substr(name.rfind('/') + 1), .note = run.error_occurred ? run.error_message : run.report_label};
  row.seconds = run.cpu_accumulated_time / static_cast<double>(std::max<std::int64_t>(run.iterations, 1));
  for (auto [key, value] : {std::pair{"times", &row.times},
                            {"nodes", &row.nodes},
                            {"passes", &row.passes},
                            {"nests", &row.nests},
                            {"log10_space", &row.log10_space},
                            {"root", &row.root},
                            {"bound", &row.bound},
                            {"best", &row.best},
                            {"kept", &row.kept}})
    *value = counter(run, key);
  return row;
}

void Tables::ReportRuns(const std::vector<Run>& runs) {
  for (const auto& run : runs) {
    // The name without what the library appends (`/iterations:1`).
    const auto name = run.run_name.function_name;
    if (!run.counters.contains("nodes") && !run.error_occurred) {
      close_group();
      fmt::print("{:<44} {:>10.3g} us  {:>10.4g} /s\n", name, run.GetAdjustedCPUTime(),
                 counter(run, "items_per_second"));
      continue;
    }
    const auto group = name.substr(0, name.rfind('/'));
    if (group != group_) close_group();
    group_ = group;
    rows_.push_back(row_of(run));
    rows_.back().layer = name.substr(name.rfind('/') + 1);
  }
  std::fflush(stdout);
}

void Tables::close_group() {
  if (rows_.empty()) return;
  std::vector<double> seconds;
  double sum = 0, nodes = 0, nests = 0;
  fmt::print("\n{}\n{:<16} {:>5} {:>9} {:>11} {:>9} {:>9} {:>6} {:>11} {:>11} {:>9} {:>5}\n", group_, "layer", "times",
             "seconds", "nodes", "passes", "nests", "log10", "best", "root/best", "end/best", "kept");
  for (const auto& r : rows_) {
    seconds.push_back(r.seconds);
    sum += r.seconds;
    nodes += r.nodes;
    nests += r.nests;
    if (r.best == 0) {
      fmt::print("{:<16} {:>5} {:>9.3f} {}\n", r.layer, r.times, r.seconds, r.note);
      continue;
    }
    fmt::print("{:<16} {:>5} {:>9.3f} {:>11} {:>9} {:>9} {:>6.1f} {:>11.4g} {:>11.4f} {:>9.4f} {:>5} {}\n", r.layer,
               r.times, r.seconds, r.nodes, r.passes, r.nests, r.log10_space, r.best, r.root / r.best, r.bound / r.best,
               r.kept, r.note);
  }
  std::ranges::sort(seconds);
  const auto statistics = fmt::format("{:>7} {:>8.3f} {:>8.3f} {:>8.3f} {:>8.2f} {:>9.3g} {:>9.3g} {:>6.0f}",
                                      rows_.size(), percentile(seconds, 0.5), percentile(seconds, 0.95), seconds.back(),
                                      sum, nodes / sum, nests / sum, peak_memory());
  fmt::print(
      "median {:.3f} s, 95 % within {:.3f} s, longest {:.3f} s, whole network {:.2f} s; {:.3g} nodes/s, {:.3g} "
      "nests/s; peak RSS so far {:.0f} MiB\n",
      percentile(seconds, 0.5), percentile(seconds, 0.95), seconds.back(), sum, nodes / sum, nests / sum,
      peak_memory());
  summary_.push_back(fmt::format("{:<38} {}", group_, statistics));
  rows_.clear();
}

void Tables::Finalize() {
  close_group();
  if (summary_.empty()) return;
  fmt::print("\n{:<38} {:>7} {:>8} {:>8} {:>8} {:>8} {:>9} {:>9} {:>6}\n", "machine/network/objective", "nests",
             "median s", "95 % s", "longest", "all s", "nodes/s", "nests/s", "MiB");
  for (const auto& line : summary_) fmt::print("{}\n", line);
}

}  // namespace eyrie::bench
