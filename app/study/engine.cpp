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

static StoredPoint point_of(const TaskEnd& end) {
  if (end.answered) return point_from_text(end.text);
  return {.digest = {}, .status = PointStatus::Crashed, .reason = "its process " + end.text};
}

void compute_points(Engine& engine, const std::vector<std::string>& work,
                    const std::function<void(std::size_t, StoredPoint)>& keep, const std::function<bool()>& stop) {
  std::vector<std::size_t> too_large;  // for a worker's share of the memory
  engine.deal(
      work,
      [&](TaskEnd end) {
        auto p = point_of(end);
        if (p.status == PointStatus::OutOfMemory && engine.workers() > 1)
          too_large.push_back(end.task);
        else
          keep(end.task, std::move(p));
      },
      stop);
  std::vector<std::string> again;
  for (const auto task : too_large) again.push_back(work[task]);
  if (!again.empty() && !stop())
    engine.deal_alone(
        again, [&](TaskEnd end) { keep(too_large[end.task], point_of(end)); }, stop);
}

std::unique_ptr<Engine> local_engine(unsigned jobs, std::optional<Bytes> memory, const Catalogue& catalogue) {
  return std::make_unique<LocalEngine>(jobs, memory, catalogue);
}

}  // namespace eyrie
