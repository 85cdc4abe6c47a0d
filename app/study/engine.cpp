#include "app/study/engine.hpp"

#include <algorithm>
#include <deque>
#include <map>

#include "app/memory.hpp"
#include "app/study/work.hpp"
#include "base/ensure.hpp"

namespace eyrie {

namespace {

constexpr int kMostDeaths = 2;

void deal_to(WorkerPool& pool, const std::vector<std::string>& tasks, const std::function<void(TaskEnd)>& ended,
             const std::function<bool()>& stop) {
  std::deque<std::size_t> left;
  for (std::size_t i = 0; i < tasks.size(); ++i) left.push_back(i);
  std::map<std::size_t, int> deaths;
  while (!stop() && (!left.empty() || pool.busy() > 0)) {
    while (!left.empty() && pool.is_free()) {
      pool.give(left.front(), tasks[left.front()]);
      left.pop_front();
    }
    pool.serve([&](TaskEnd end) {
      if (!end.answered && ++deaths[end.task] < kMostDeaths)
        left.push_front(end.task);
      else
        ended(std::move(end));
    });
  }
}

class LocalEngine : public Engine {
 public:
  LocalEngine(unsigned jobs, std::optional<Bytes> memory, const Catalogue& catalogue)
      : jobs_{std::max(1U, jobs)},
        memory_{memory ? memory : memory_available()},
        catalogue_{catalogue},
        pool_{jobs_, worker(jobs_)} {}

  void deal(const std::vector<std::string>& tasks, const std::function<void(TaskEnd)>& ended,
            const std::function<bool()>& stop) override {
    deal_to(pool_, tasks, ended, stop);
  }
  void deal_alone(const std::vector<std::string>& tasks, const std::function<void(TaskEnd)>& ended,
                  const std::function<bool()>& stop) override {
    WorkerPool one{1, worker(1)};
    deal_to(one, tasks, ended, stop);
  }
  [[nodiscard]] unsigned workers() const override { return jobs_; }

 private:
  /// One of so many: each takes its share of the memory.
  [[nodiscard]] WorkerPool::Answer worker(unsigned of) const {
    const auto share = memory_ ? std::optional{Bytes{memory_->count() / of}} : std::nullopt;
    return [w = StudyWorker{catalogue_, share}](const std::string& task) mutable { return w.answer(task); };
  }
  unsigned jobs_;
  std::optional<Bytes> memory_;
  const Catalogue& catalogue_;
  WorkerPool pool_;
};

}  // namespace

std::optional<std::vector<std::vector<PointPlan>>> plan_points(Engine& engine,
                                                               const std::vector<std::vector<PointTask>>& designs,
                                                               const std::function<void()>& each,
                                                               const std::function<bool()>& stop) {
  std::vector<std::string> work;
  for (const auto& tasks : designs) work.push_back(plan_work(tasks));
  std::vector<std::vector<PointPlan>> plans(designs.size());
  engine.deal(
      work,
      [&](TaskEnd end) {
        if (!end.answered) throw InternalError("a worker that reads a design " + end.text);
        plans[end.task] = plans_from_text(end.text);
        each();
      },
      stop);
  if (stop()) return std::nullopt;
  return plans;
}

/// The point that was asked for. One whose process died has no digest of its own.
static StoredPoint point_of(const TaskEnd& end, const std::string& digest) {
  if (!end.answered)
    return {.digest = digest, .status = PointStatus::Crashed, .reason = "its process " + end.text, .figures = {}};
  auto p = point_from_text(end.text);
  if (p.digest != digest && !(p.digest.empty() && is_of_machine(p.status)))
    throw InputError({"files", 0, 0}, "what a point is made of changed between planning and computing it",
                     "leave the files alone, and run the same command again");
  p.digest = digest;
  return p;
}

void compute_points(Engine& engine, const std::vector<PointWork>& points,
                    const std::function<void(const StoredPoint&)>& keep, const std::function<bool()>& stop) {
  std::vector<std::string> work;
  for (const auto& p : points) work.push_back(p.work);
  std::vector<std::size_t> too_large;  // for a worker's share of the memory
  engine.deal(
      work,
      [&](const TaskEnd& end) {
        const auto p = point_of(end, points[end.task].digest);
        if (p.status == PointStatus::OutOfMemory && engine.workers() > 1)
          too_large.push_back(end.task);
        else
          keep(p);
      },
      stop);
  work.clear();
  for (const auto task : too_large) work.push_back(points[task].work);
  if (!work.empty() && !stop())
    engine.deal_alone(
        work, [&](const TaskEnd& end) { keep(point_of(end, points[too_large[end.task]].digest)); }, stop);
}

std::unique_ptr<Engine> local_engine(unsigned jobs, std::optional<Bytes> memory, const Catalogue& catalogue) {
  return std::make_unique<LocalEngine>(jobs, memory, catalogue);
}

}  // namespace eyrie
