#include "dataflows/pieces.hpp"

#include <algorithm>

namespace eyrie {

void add(Pieces& all, const Piece& piece) {
  if (piece.count == 0) return;
  for (auto& p : all) {
    if (p.extent != piece.extent || p.position != piece.position || p.slides != piece.slides || p.step != piece.step)
      continue;
    p.count += piece.count;
    return;
  }
  all.push_back(piece);
}

static void cut_one(Pieces& into, const Piece& piece, const Cut& loop) {
  if (piece.extent <= loop.step) return add(into, piece);
  const auto whole = piece.extent / loop.step, rest = piece.extent % loop.step;
  const auto step = loop.slides ? loop.step : 0;
  add(into, {loop.step, piece.count, loop.position, false, 0});
  add(into, {loop.step, piece.count * (whole - 1), loop.position, loop.slides, step});
  if (rest > 0) add(into, {rest, piece.count, loop.position, loop.slides, step});
}

Pieces cut(const Pieces& whole, std::span<const Cut> loops) {
  Pieces now = whole;
  for (const auto& loop : loops) {
    Pieces next;
    for (const auto& piece : now) cut_one(next, piece, loop);
    now = std::move(next);
  }
  return now;
}

std::int64_t count(const Pieces& all) {
  std::int64_t n = 0;
  for (const auto& p : all) n += p.count;
  return n;
}

std::int64_t total(const Pieces& all) {
  std::int64_t n = 0;
  for (const auto& p : all) n += p.count * p.extent;
  return n;
}

void Histogram::add(int position, std::int64_t words) {
  const auto it = std::ranges::find(bins_, position, &std::pair<int, std::int64_t>::first);
  if (it != bins_.end())
    it->second += words;
  else
    bins_.emplace_back(position, words);
}

std::int64_t Histogram::up_to(int position) const {
  std::int64_t words = 0;
  for (const auto& [at, n] : bins_)
    if (at <= position) words += n;
  return words;
}

Histogram histogram(const Pieces& pieces, bool times) {
  Histogram h;
  for (const auto& p : pieces) h.add(p.position, p.count * (times ? 1 : p.extent));
  return h;
}

/// Lines that a pair of pieces brings: those of its window, less those that the pair before it had.
static std::int64_t lines(const Piece& out, const Piece& tap, std::int64_t stride, std::int64_t dilation) {
  if (out.slides)
    return touched(out.step + out.extent, tap.extent, stride, dilation) -
           touched(out.step, tap.extent, stride, dilation);
  if (tap.slides)
    return touched(out.extent, tap.step + tap.extent, stride, dilation) -
           touched(out.extent, tap.step, stride, dilation);
  return touched(out.extent, tap.extent, stride, dilation);
}

Histogram window_histogram(const Pieces& out, const Pieces& tap, std::int64_t stride, std::int64_t dilation,
                           bool times) {
  Histogram h;
  for (const auto& o : out)
    for (const auto& t : tap)
      h.add(std::max(o.position, t.position), o.count * t.count * (times ? 1 : lines(o, t, stride, dilation)));
  return h;
}

}  // namespace eyrie
