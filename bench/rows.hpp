#pragma once

// Benchmarks as rows of Markdown tables, one table a group (the first part of a name).

#include <benchmark/benchmark.h>

#include <string>

namespace eyrie::bench {

/// Prints a row for each run as it ends: the name without its group, then the counters under the group's headings, and
/// between two groups the marks that bench/run_all.sh looks for. A benchmark that could not run says why in its row.
class Rows : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override;
  void Finalize() override;

 private:
  std::string group_;
};

}  // namespace eyrie::bench
