#include "sim/core/engine.hpp"

#include <algorithm>

namespace eyrie::sim {

int Engine::add(std::function<std::string()> name) {
  units_.push_back({.name = std::move(name), .body = {}, .why = {}, .parked_until = -1, .queued = false});
  return static_cast<int>(units_.size()) - 1;
}

void Engine::start(int unit, Task body) {
  auto& u = units_[static_cast<std::size_t>(unit)];
  u.body = std::move(body);
  u.why = {};
  ++running_;
  enqueue(unit);
}

void Engine::enqueue(int unit) {
  auto& u = units_[static_cast<std::size_t>(unit)];
  if (u.queued) return;
  u.queued = true;
  next_queue_.push_back(unit);
}

void Engine::park(Time time) {
  units_[static_cast<std::size_t>(current_)].parked_until = time;
  ++parked_;
}

void Engine::unpark() {
  if (parked_ == 0) return;
  for (std::size_t i = 0; i < units_.size(); ++i)
    if (units_[i].parked_until >= 0 && units_[i].parked_until <= horizon_) {
      units_[i].parked_until = -1;
      --parked_;
      enqueue(static_cast<int>(i));
    }
}

void Engine::drain() {
  while (!next_queue_.empty()) {
    queue_.swap(next_queue_);
    for (int unit : queue_) {
      auto& u = units_[static_cast<std::size_t>(unit)];
      u.queued = false;
      current_ = unit;
      u.body.resume();
      if (u.body.done()) --running_;
    }
    queue_.clear();
  }
}

bool Engine::run(Time horizon) {
  horizon_ = horizon;
  unpark();
  do drain();
  while (arbiter_ && arbiter_(horizon_));
  return running_ == 0;
}

std::string Engine::wait_for() const {
  const auto blocked = [&](int u) { return u >= 0 && !units_[static_cast<std::size_t>(u)].body.done(); };
  const auto first = std::ranges::find_if(units_, [](const Unit& u) { return !u.body.done(); });
  if (first == units_.end()) return "nobody waits";
  // Follow the first waiting unit until nobody is named or a unit comes up again: from there on the walk is a cycle.
  std::vector<int> walk{static_cast<int>(first - units_.begin())};
  for (int next = first->why.unit; blocked(next); next = units_[static_cast<std::size_t>(next)].why.unit) {
    if (const auto seen = std::ranges::find(walk, next); seen != walk.end()) {
      walk.erase(walk.begin(), seen);
      break;
    }
    walk.push_back(next);
  }
  std::string text;
  for (const int unit : walk) {
    const auto& u = units_[static_cast<std::size_t>(unit)];
    text += (text.empty() ? "" : "; ") + u.name() + " waits for " + u.why.reason;
    if (u.why.unit >= 0) text += " of " + units_[static_cast<std::size_t>(u.why.unit)].name();
  }
  return text;
}

}  // namespace eyrie::sim
