#include "dataflows/pieces.hpp"

#include <algorithm>
#include <numeric>

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
  add(into, {loop.step, piece.count * (loop.slides ? 1 : whole), loop.position, false, 0});
  if (loop.slides) add(into, {loop.step, piece.count * (whole - 1), loop.position, true, step});
  if (rest > 0) add(into, {rest, piece.count, loop.position, loop.slides, step});
}

void cut(const Pieces& whole, const Cut& loop, Pieces& into) {
  into.clear();
  for (const auto& piece : whole) cut_one(into, piece, loop);
}

Pieces cut(const Pieces& whole, const Cut& loop) {
  Pieces all;
  cut(whole, loop, all);
  return all;
}

Pieces cut(const Pieces& whole, std::span<const Cut> loops) {
  Pieces now = whole;
  for (const auto& loop : loops) now = cut(now, loop);
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
  const auto it = std::ranges::find(bins_, position, &Bin::position);
  if (it != bins_.end())
    it->words += words;
  else
    bins_.push_back({position, words});
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

WindowStep::WindowStep(std::int64_t of_stride, std::int64_t of_dilation)
    : stride{of_stride / std::gcd(of_stride, of_dilation)}, dilation{of_dilation / std::gcd(of_stride, of_dilation)} {}

Histogram window_histogram(const Pieces& out, const Pieces& tap, std::int64_t stride, std::int64_t dilation,
                           bool times) {
  Histogram h;
  const WindowStep step{stride, dilation};
  for (const auto& o : out)
    for (const auto& t : tap)
      h.add(std::max(o.position, t.position), o.count * t.count * (times ? 1 : lines(o, t, step)));
  return h;
}

}  // namespace eyrie
