#include "dataflows/window.hpp"

#include <algorithm>
#include <span>

namespace eyrie {

std::vector<Part> parts(std::int64_t extent, std::span<const std::int64_t> steps) {
  std::vector<Part> all{{0, extent}};
  for (auto step : steps) {
    std::vector<Part> finer;
    for (const auto& part : all)
      for (std::int64_t done = 0; done < part.extent; done += step)
        finer.push_back({part.offset + done, std::min(step, part.extent - done)});
    all = std::move(finer);
  }
  return all;
}

namespace {

/// A batch of one PE's loads along one dimension: its number, counted alike in all PEs, and what it covers.
struct Batch {
  std::int64_t number = 0, offset = 0, extent = 1;
  int position = -1;
  std::int64_t slid = 0;  ///< extent of the neighbour before it that is still there
};

void enter(std::vector<Batch>& all, std::span<const Cut> loops, std::size_t i, Batch b) {
  if (i == loops.size()) {
    all.push_back(b);
    return;
  }
  const auto& loop = loops[i];
  const Batch whole = b;
  const auto trips = ceil_div(whole.extent, loop.step);
  for (std::int64_t k = 0; k < trips; ++k) {
    b.number = whole.number * (std::int64_t{1} << 16) + k;
    b.offset = whole.offset + k * loop.step;
    b.extent = std::min(loop.step, whole.extent - k * loop.step);
    b.position = trips > 1 ? loop.position : whole.position;
    b.slid = loop.slides && k > 0 ? loop.step : 0;
    enter(all, loops, i + 1, b);
  }
}

/// Of all PEs along a dimension, sorted by number.
std::vector<Batch> batches(const std::vector<Part>& parts, std::span<const Cut> loops) {
  std::vector<Batch> all;
  for (const auto& part : parts) enter(all, loops, 0, {.offset = part.offset, .extent = part.extent});
  std::ranges::stable_sort(all, {}, &Batch::number);
  return all;
}

std::vector<std::span<const Batch>> by_number(const std::vector<Batch>& all) {
  std::vector<std::span<const Batch>> groups;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    while (end < all.size() && all[end].number == all[i].number) ++end;
    groups.push_back({all.data() + i, end - i});
    i = end;
  }
  return groups;
}

/// Lines that PEs bring in one batch.
class Union {
 public:
  Union(std::int64_t lines, std::int64_t stride, std::int64_t dilation)
      : stride_{stride},
        dilation_{dilation},
        brought_at_(static_cast<std::size_t>(lines)),
        had_(static_cast<std::size_t>(lines)) {}

  void begin() { std::ranges::fill(brought_at_, kNobody); }
  void bring(const Batch& o, const Batch& t) {
    ++stamp_;
    const auto mark = [&](std::size_t line) { had_[line] = stamp_; };
    if (o.slid > 0) visit(o.offset - o.slid, o.slid, t.offset, t.extent, mark);
    if (t.slid > 0) visit(o.offset, o.extent, t.offset - t.slid, t.slid, mark);
    visit(o.offset, o.extent, t.offset, t.extent, [&](std::size_t line) {
      if (had_[line] != stamp_) brought_at_[line] = std::max({brought_at_[line], o.position, t.position});
    });
  }
  void count(Histogram& h) const {
    for (int position : brought_at_)
      if (position != kNobody) h.add(position, 1);
  }

 private:
  template <class Act>
  void visit(std::int64_t first_out, std::int64_t outs, std::int64_t first_tap, std::int64_t taps, Act act) const {
    for (auto x = first_out; x < first_out + outs; ++x)
      for (auto y = first_tap; y < first_tap + taps; ++y) act(static_cast<std::size_t>(x * stride_ + y * dilation_));
  }
  static constexpr int kNobody = -2;
  std::int64_t stride_, dilation_;
  std::vector<int> brought_at_, had_;
  int stamp_ = 0;
};

/// The union over PEs, batch by batch. A line counts at the innermost position of the PEs that bring it.
Histogram united(const std::vector<Batch>& out, const std::vector<Batch>& tap, std::int64_t stride,
                 std::int64_t dilation) {
  std::int64_t lines = 0;
  for (const auto& o : out)
    for (const auto& t : tap)
      lines = std::max(lines, (o.offset + o.extent - 1) * stride + (t.offset + t.extent - 1) * dilation + 1);
  Union all{lines, stride, dilation};
  Histogram h;
  for (const auto& same_out : by_number(out))
    for (const auto& same_tap : by_number(tap)) {
      all.begin();
      for (const auto& o : same_out)
        for (const auto& t : same_tap) all.bring(o, t);
      all.count(h);
    }
  return h;
}

}  // namespace

Histogram window_sent(const PassSide& out, const PassSide& tap, std::int64_t stride, std::int64_t dilation) {
  if (out.loops.empty() && tap.loops.empty()) {  // all lines in one batch
    Histogram h;
    h.add(-1, touched(out.extent, tap.extent, stride, dilation));
    return h;
  }
  const auto out_parts = parts(out.extent, out.steps), tap_parts = parts(tap.extent, tap.steps);
  if (out_parts.size() == 1 && tap_parts.size() == 1)
    return window_histogram(cut({{.extent = out.extent}}, out.loops), cut({{.extent = tap.extent}}, tap.loops), stride,
                            dilation);
  return united(batches(out_parts, out.loops), batches(tap_parts, tap.loops), stride, dilation);
}

Histogram window_sent(const WindowSide& out, const WindowSide& tap, std::int64_t stride, std::int64_t dilation) {
  Histogram all;
  for (const auto& p : out.passes)
    for (const auto& r : tap.passes) {
      const auto one = window_sent(PassSide{p.extent, out.steps, out.loops}, PassSide{r.extent, tap.steps, tap.loops},
                                   stride, dilation);
      for (const auto& [position, words] : one.bins()) all.add(position, words * p.count * r.count);
    }
  return all;
}

Histogram window_delivered(const WindowSide& out, const WindowSide& tap, std::int64_t stride, std::int64_t dilation) {
  const auto pieces = [](const WindowSide& side) {
    Pieces all;
    for (const auto& p : side.passes)
      for (const auto& part : parts(p.extent, side.steps)) add(all, {.extent = part.extent, .count = p.count});
    return cut(all, side.loops);
  };
  return window_histogram(pieces(out), pieces(tap), stride, dilation);
}

}  // namespace eyrie
