#include "sim/slices.hpp"

#include <algorithm>

namespace eyrie::sim {

namespace {

/// Unrolls the spatial loops.
class Slicer {
 public:
  Slicer(const Mapping& m, const LayerNest& l) {
    for (std::size_t i = 0; i < m.nest.size(); ++i)
      if (m.nest[i].spatial) loops_.push_back({m.nest[i], m.trips(l.extent, i), 1});
    std::int64_t next[2] = {1, 1};
    for (auto it = loops_.rbegin(); it != loops_.rend(); ++it) {
      auto& stride = next[static_cast<int>(*it->entry.axis)];
      it->stride = stride;
      stride *= it->trips;
    }
  }
  std::vector<Slice> slices(const Extents& pass) {
    current_ = Slice{.extent = pass};
    enter(0);
    return std::move(all_);
  }

 private:
  struct SpatialLoop {
    NestEntry entry;
    std::int64_t trips, stride;
  };
  void enter(std::size_t i) {
    if (i == loops_.size()) {
      all_.push_back(current_);
      return;
    }
    const auto& loop = loops_[i];
    const Dim d = loop.entry.dim();
    const Slice before = current_;
    for (std::int64_t k = 0, done = 0; done < before.extent[d]; ++k, done += loop.entry.step) {
      current_ = before;
      current_.offset[d] += done;
      current_.extent[d] = std::min(loop.entry.step, before.extent[d] - done);
      (*loop.entry.axis == Axis::Y ? current_.row : current_.column) += k * loop.stride;
      enter(i + 1);
    }
    current_ = before;
  }
  std::vector<SpatialLoop> loops_;
  std::vector<Slice> all_;
  Slice current_;
};

}  // namespace

std::vector<Slice> slices(const Mapping& m, const LayerNest& l, const Extents& pass) {
  return Slicer{m, l}.slices(pass);
}

}  // namespace eyrie::sim
