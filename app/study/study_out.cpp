#include "app/study/study_out.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <set>

#include "base/gzip.hpp"
#include "base/output_file.hpp"
#include "report/study_page.hpp"

namespace eyrie {

namespace {

/// The runs of each design, by number, as its page shows them: the most faithful that there is of each network.
std::map<std::int64_t, std::vector<PlannedPoint>> shown_points(const StudyResult& r, const StudyStore& store) {
  std::set<std::int64_t> simulated;
  for (const auto& d : r.designs)
    if (d.simulated) simulated.insert(d.number);
  std::map<std::pair<std::int64_t, std::string>, PlannedPoint> best;
  for (auto& p : current_plans(store)) {  // closed before simulated
    if (p.fidelity == PointFidelity::Simulated && !simulated.contains(p.design)) continue;
    const auto point = store.point(p.digest);
    if (!point || point->status != PointStatus::Done) continue;
    best[{p.design, p.workload}] = p;
  }
  std::map<std::int64_t, std::vector<PlannedPoint>> all;
  for (auto& [key, p] : best) all[key.first].push_back(std::move(p));
  return all;
}

/// A report a design that has one; those of designs before are removed.
void write_designs(const StudyResult& r, const StudyStore& store, const Study& study, const std::string& folder) {
  write_file(folder + "/report.html", to_design_page());
  std::set<std::string> written;
  for (const auto& [number, points] : shown_points(r, store)) {
    std::vector<PageRun> runs;
    for (const auto& workload : study.workloads)
      for (const auto& p : points)
        if (p.workload == workload)
          runs.push_back(
              {fmt::format("design {}, {}", number, workload), gunzipped(store.point(p.digest, true)->result)});
    write_file(fmt::format("{}/{}.js", folder, number), design_script(runs));
    written.insert(fmt::format("{}.js", number));
  }
  std::error_code error;
  std::vector<std::filesystem::path> old;
  for (const auto& e : std::filesystem::directory_iterator(folder, error))
    if (e.path().extension() == ".js" && !written.contains(e.path().filename().string())) old.push_back(e.path());
  for (const auto& file : old) std::filesystem::remove(file, error);
}

}  // namespace

std::vector<std::string> write_study(const StudyResult& r, const Study& study, const StudyStore& store,
                                     const std::string& folder) {
  std::vector<std::string> written;
  const auto write = [&](const char* name, const std::string& text) {
    written.push_back(folder + "/" + name);
    write_file(written.back(), text);
  };
  write_designs(r, store, study, folder + "/designs");
  const auto json = to_json(r);
  write("study.json", json);
  write("designs.csv", to_csv(r, false));
  write("front.csv", to_csv(r, true));
  write("study.html", to_study_page(json, study.name));
  return written;
}

}  // namespace eyrie
