#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "explore/study/study_result.hpp"
#include "report/csv_field.hpp"
#include "report/digits.hpp"

namespace eyrie {

namespace {

const DesignResult& design(const StudyResult& r, std::int64_t number) {
  return *std::ranges::find(r.designs, number, &DesignResult::number);
}

std::string number(const std::optional<double>& v) { return v ? fmt::format("{}", *v) : ""; }

void put_figures(std::string& row, const std::optional<DesignFigures>& f, std::size_t networks) {
  for (std::size_t m = 0; m < measures().size(); ++m) row += "," + (f ? number(f->all[m]) : std::string());
  for (std::size_t n = 0; n < networks; ++n)
    for (std::size_t m = 0; m < measures().size(); ++m)
      row += "," + (f && m < f->network[n].size() ? number(f->network[n][m]) : std::string());
}

std::string head(const StudyResult& r) {
  std::string row = "design";
  for (const auto& p : r.parameters) row += "," + csv_field(p.name);
  row += ",status,reason,front,sampled";
  for (const char* fidelity : {"closed", "simulated"}) {
    std::vector<std::string> of{"all"};
    of.insert(of.end(), r.workloads.begin(), r.workloads.end());
    for (const auto& network : of)
      for (const auto& m : measures())
        row += "," + csv_field(fmt::format("{} {} {} [{}]", fidelity, network, m.name, m.unit));
  }
  return row + "\r\n";
}

std::string row_of(const StudyResult& r, const DesignResult& d) {
  std::string row = std::to_string(d.number);
  for (const auto& v : d.values) row += "," + csv_field(v);
  row += fmt::format(",{},{},{},{}", name_of(d.status), csv_field(d.reason), d.front ? 1 : 0, d.sampled ? 1 : 0);
  put_figures(row, d.closed, r.workloads.size());
  put_figures(row, d.simulated, r.workloads.size());
  return row + "\r\n";
}

using Rows = std::vector<std::vector<std::string>>;

/// Columns as wide as what stands in them; all but the first to the right.
std::string aligned(const Rows& rows) {
  std::vector<std::size_t> width;
  for (const auto& r : rows)
    for (std::size_t i = 0; i < r.size(); ++i) {
      if (width.size() <= i) width.push_back(0);
      width[i] = std::max(width[i], r[i].size());
    }
  std::string text;
  for (const auto& r : rows) {
    for (std::size_t i = 0; i < r.size(); ++i)
      text += fmt::format("{:>{}}{}", r[i], width[i], i + 1 < r.size() ? "  " : "");
    text += "\n";
  }
  return text;
}

std::string front_table(const StudyResult& r) {
  Rows rows(2);
  rows[0] = {"design"};
  rows[1] = {""};
  for (const auto& p : r.parameters) {
    rows[0].push_back(p.name);
    rows[1].emplace_back();
  }
  for (const auto o : r.objectives) {
    rows[0].emplace_back(measures()[o].name);
    rows[1].emplace_back(measures()[o].unit);
  }
  for (const auto n : r.front) {
    const auto& d = design(r, n);
    std::vector<std::string> row{std::to_string(n)};
    for (std::size_t i = 0; i < d.values.size(); ++i) row.push_back(label_of(r.parameters[i], d.values[i]));
    for (const auto o : r.objectives) row.push_back(digits((r.simulated ? d.simulated : d.closed)->all[o]));
    rows.push_back(std::move(row));
  }
  return aligned(rows);
}

}  // namespace

std::string to_csv(const StudyResult& r, bool front_only) {
  std::string text = head(r);
  if (front_only)
    for (const auto n : r.front) text += row_of(r, design(r, n));
  else
    for (const auto& d : r.designs) text += row_of(r, d);
  return text;
}

std::string to_table(const StudyResult& r) {
  std::map<PointStatus, std::int64_t> by_status;
  for (const auto& d : r.designs) ++by_status[d.status];
  std::string text = fmt::format("{}: {} designs", r.name, r.designs.size());
  for (const auto& [status, count] : by_status) text += fmt::format(", {} {}", count, name_of(status));
  text += fmt::format("; {}{}\n\n", fmt::join(r.workloads, ", "), r.workloads.size() > 1 ? ", as geometric mean" : "");
  if (r.front.empty())
    return text + fmt::format("no {}design keeps the constraints and has all objectives: there is no front\n",
                              r.simulated ? "simulated " : "");
  text += fmt::format("Pareto front ({}): {} designs\n\n", r.simulated ? "simulated" : "closed form", r.front.size());
  text += front_table(r);
  if (!r.errors.empty()) text += "\nclosed form against simulation, a point a design and network:\n";
  for (const auto& e : r.errors)
    if (std::ranges::count(r.objectives, e.measure) > 0)
      text += fmt::format("  {}: off by {:.2g} % in the median of {} points, {:.2g} % at worst (design {}, {})\n",
                          measures()[e.measure].name, 100 * e.median, e.points, 100 * e.worst, e.worst_design,
                          e.worst_workload);
  return text;
}

}  // namespace eyrie
