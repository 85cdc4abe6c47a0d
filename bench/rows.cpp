#include "bench/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "base/ensure.hpp"

namespace eyrie::bench {

namespace {

/// A column: the counter that fills it, its heading, how its numbers look.
struct Column {
  const char *counter, *heading, *format;
};
struct Table {
  std::string group;
  std::vector<const char*> names;  ///< headings of the parts of a benchmark's name
  std::vector<Column> columns;
};

const std::vector<Table>& tables() {
  static const std::vector<Table> all{{"networks",
                                       {"machine", "network"},
                                       {{"layers", "layers", "{:.0f}"},
                                        {"cycles", "cycles, 10^6", "{:.1f}"},
                                        {"pe_cycles_per_s", "PE-cycles/s, 10^9", "{:.2f}"},
                                        {"macs_per_s", "MAC/s, 10^9", "{:.2f}"},
                                        {"simulating_s", "simulating, s", "{:.3f}"},
                                        {"plain_s", "plain, s", "{:.3f}"},
                                        {"ratio", "ratio", "{:.2f}"},
                                        {"native_ratio", "ratio to `-march=native`", "{:.2f}"}}},
                                      {"command",
                                       {"`--jobs`"},
                                       {{"wall_s", "wall, s", "{:.2f}"},
                                        {"cpu_s", "user, s", "{:.2f}"},
                                        {"plain_s", "plain, s", "{:.3f}"},
                                        {"columns_s", "plain, columns inside, s", "{:.3f}"},
                                        {"ratio", "ratio", "{:.2f}"},
                                        {"columns_ratio", "ratio to columns inside", "{:.2f}"},
                                        {"native_ratio", "ratio to `-march=native`", "{:.2f}"}}},
                                      {"stepping",
                                       {"`--stepping`"},
                                       {{"cycles", "cycles, 10^6", "{:.2f}"},
                                        {"simulating_s", "simulating, s", "{:.3f}"},
                                        {"pe_cycles_per_s", "PE-cycles/s, 10^9", "{:.3f}"},
                                        {"macs_per_s", "MAC/s, 10^9", "{:.3f}"},
                                        {"ratio", "ratio to plain", "{:.2f}"}}}};
  return all;
}

const Table& table_of(const std::string& group) {
  const auto it = std::ranges::find(tables(), group, &Table::group);
  ensure(it != tables().end(), "a benchmark's name begins with a table's");
  return *it;
}

void head(const Table& t) {
  std::string headings = "|", line = "|";
  for (const auto* name : t.names) headings += fmt::format(" {} |", name), line += "---|";
  for (const auto& c : t.columns) headings += fmt::format(" {} |", c.heading), line += "---:|";
  fmt::print("<!-- {} -->\n{}\n{}\n", t.group, headings, line);
}

/// What a counter stands for in the unit of its heading.
double in_unit(const Column& c, double value) {
  const std::string heading = c.heading;
  return heading.ends_with("10^6") ? value / 1e6 : heading.ends_with("10^9") ? value / 1e9 : value;
}

std::string row(const Table& t, const benchmark::BenchmarkReporter::Run& run) {
  std::string text = "|", name = run.run_name.function_name.substr(t.group.size() + 1);
  std::ranges::replace(name, '/', '|');
  for (std::size_t at = 0; (at = name.find('|', at)) != std::string::npos; at += 3) name.replace(at, 1, " | ");
  text += fmt::format(" {} |", name);
  if (run.error_occurred) {
    text += fmt::format(" {} |", run.error_message);
    for (std::size_t i = 1; i < t.columns.size(); ++i) text += " |";
    return text;
  }
  for (const auto& c : t.columns) {
    const auto it = run.counters.find(c.counter);
    text += it == run.counters.end()
                ? " |"
                : fmt::format(" {} |", fmt::format(fmt::runtime(c.format), in_unit(c, it->second.value)));
  }
  return text;
}

}  // namespace

void Rows::ReportRuns(const std::vector<Run>& runs) {
  for (const auto& run : runs) {
    const auto& name = run.run_name.function_name;
    const Table& t = table_of(name.substr(0, name.find('/')));
    if (t.group != group_) {
      Finalize();
      head(t);
    }
    group_ = t.group;
    fmt::print("{}\n", row(t, run));
  }
  std::fflush(stdout);
}

void Rows::Finalize() {
  if (!group_.empty()) fmt::print("<!-- end of {} -->\n", group_);
  group_.clear();
}

}  // namespace eyrie::bench
