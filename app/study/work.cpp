#include "app/study/work.hpp"

#include <nlohmann/json.hpp>

#include "base/ensure.hpp"

namespace eyrie {

using Json = nlohmann::json;

namespace {

/// A line of JSON, then bytes.
std::string with_bytes(const Json& head, const std::string& bytes) {
  return head.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n" + bytes;
}

PointStatus status_of(const std::string& name) {
  if (const auto status = value_of<PointStatus>(name)) return *status;
  throw InternalError("a worker answered with the status " + name);
}

}  // namespace

std::string plan_work(const std::vector<PointTask>& tasks) {
  Json all = Json::array();
  for (const auto& t : tasks) all.push_back(to_text(t));
  return Json{{"plan", all}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<PointPlan> plans_from_text(const std::string& text) {
  std::vector<PointPlan> all;
  for (const auto& j : Json::parse(text)) {
    all.push_back(
        {.digest = j.at("digest"), .status = status_of(j.at("status")), .reason = j.at("reason"), .area_mm2 = {}});
    if (!j.at("area").is_null()) all.back().area_mm2 = j.at("area").get<double>();
  }
  return all;
}

std::string compute_work(const PointTask& task) {
  return Json{{"compute", to_text(task)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

StoredPoint point_from_text(const std::string& text) {
  const auto end = text.find('\n');
  const auto j = Json::parse(text.substr(0, end));
  return {.digest = j.at("digest"),
          .status = status_of(j.at("status")),
          .reason = j.at("reason"),
          .figures = figures_from_text(j.at("figures").get<std::string>()).value(),
          .result = text.substr(end + 1)};
}

std::string StudyWorker::answer(const std::string& work) {
  const auto j = Json::parse(work);
  if (j.contains("compute")) {
    const auto p = computer_.compute(point_task_from_text(j.at("compute")), memory_);
    return with_bytes({{"digest", p.digest},
                       {"status", std::string(name_of(p.status))},
                       {"reason", p.reason},
                       {"figures", figures_text(p.figures)}},
                      p.result);
  }
  Json all = Json::array();
  for (const auto& t : j.at("plan")) {
    const auto p = computer_.plan(point_task_from_text(t));
    all.push_back({{"digest", p.digest},
                   {"status", std::string(name_of(p.status))},
                   {"reason", p.reason},
                   {"area", p.area_mm2 ? Json(*p.area_mm2) : Json(nullptr)}});
  }
  return all.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace eyrie
