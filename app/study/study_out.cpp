#include "app/study/study_out.hpp"

#include <fmt/format.h>

#include <map>

#include "base/gzip.hpp"
#include "base/output_file.hpp"
#include "report/study_page.hpp"

namespace eyrie {

namespace {

/// The runs of each design, by number, as its page shows them: the most faithful that there is of each network.
std::map<std::int64_t, std::vector<PlannedPoint>> shown_points(const StudyStore& store) {
  std::map<std::pair<std::int64_t, std::string>, PlannedPoint> best;
  for (auto& p : store.plans()) {  // closed before simulated
    const auto point = store.point(p.digest);
    if (!point || point->status != PointStatus::Done) continue;
    best[{p.design, p.workload}] = p;
  }
  std::map<std::int64_t, std::vector<PlannedPoint>> all;
  for (auto& [key, p] : best) all[key.first].push_back(std::move(p));
  return all;
}

void write_designs(const StudyStore& store, const Study& study, const std::string& folder) {
  write_file(folder + "/report.html", to_design_page());
  for (const auto& [number, points] : shown_points(store)) {
    std::vector<PageRun> runs;
    for (const auto& workload : study.workloads)
      for (const auto& p : points)
        if (p.workload == workload)
          runs.push_back(
              {fmt::format("design {}, {}", number, workload), gunzipped(store.point(p.digest, true)->result)});
    write_file(fmt::format("{}/{}.js", folder, number), design_script(runs));
  }
}

}  // namespace

std::vector<std::string> write_study(StudyResult r, const Study& study, const StudyStore& store,
                                     const std::string& folder) {
  std::vector<std::string> written;
  const auto write = [&](const char* name, const std::string& text) {
    written.push_back(folder + "/" + name);
    write_file(written.back(), text);
  };
  r.reports = true;
  write_designs(store, study, folder + "/designs");
  const auto json = to_json(r);
  write("study.json", json);
  write("designs.csv", to_csv(r, false));
  write("front.csv", to_csv(r, true));
  write("study.html", to_study_page(json, study.name));
  return written;
}

}  // namespace eyrie
