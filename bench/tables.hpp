#pragma once

// A table of searches for each group of benchmarks (a machine, a network, an objective), in plain text.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace eyrie::bench {

/// Prints each group as a table with its median, 95th percentile, maximum and sum, and in the end a line for each
/// group. Seconds are CPU time of the one thread that searches. Benchmarks without a counter `nodes` are a line by
/// themselves.
class Tables : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override;
  void Finalize() override;

 private:
  /// One search.
  struct Row {
    std::string layer, note;
    double seconds = 0, times = 0, nodes = 0, passes = 0, nests = 0, log10_space = 0, root = 0, bound = 0, best = 0;
    double kept = 0;  ///< mappings in the answer
  };
  static Row row_of(const Run&);
  void close_group();

  std::string group_;
  std::vector<Row> rows_;
  std::vector<std::string> summary_;
};

}  // namespace eyrie::bench
