#include "dataflows/flow_sum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace eyrie {

namespace {

bool brings_at(const FlowSide& side, int position) {
  return std::ranges::any_of(side.shares, [&](const FlowShare& s) { return s.position == position; });
}

std::int64_t words_of(const std::vector<FlowShare>& shares) {
  std::int64_t words = 0;
  for (const auto& s : shares) words += s.words();
  return words;
}

/// How often each number occurs, in the order of first occurrence.
using Tally = std::vector<std::pair<std::int64_t, std::int64_t>>;

void enter(Tally& tally, std::int64_t each, std::int64_t count) {
  const auto it = std::ranges::find(tally, each, &Tally::value_type::first);
  if (it != tally.end())
    it->second += count;
  else
    tally.emplace_back(each, count);
}

std::string in_words(const Tally::value_type& p) {
  return p.second == 1 ? grouped(p.first) : fmt::format("{} x {}", grouped(p.second), grouped(p.first));
}

/// Shares of one group as one.
std::vector<FlowShare> joined(const std::vector<FlowShare>& shares) {
  std::vector<FlowShare> all;
  for (const auto& s : shares)
    if (!all.empty() && all.back().group == s.group)
      all.back().each += s.each;
    else
      all.push_back(s);
  return all;
}

/// "8 windows: 7 x 35 + 31 - 7 x 7 kept".
std::string windows(const std::vector<FlowShare>& shares, const std::string& noun) {
  Tally full, kept;
  std::int64_t all = 0;
  for (const auto& s : joined(shares)) {
    all += s.count;
    enter(full, s.each, s.count);
    if (s.kept > 0) enter(kept, s.kept, s.count);
  }
  if (all == 1 && kept.empty()) return "";
  if (full.size() == 1 && kept.empty()) return fmt::format("{} {} of {}", grouped(all), noun, grouped(full[0].first));
  std::string text = fmt::format("{} {}:", grouped(all), noun);
  for (std::size_t i = 0; i < full.size(); ++i) text += (i > 0 ? " + " : " ") + in_words(full[i]);
  for (const auto& k : kept) text += " - " + in_words(k) + " kept";
  return text;
}

/// What a side contributes to the term of a position: if one of its own loops stands there, what that one cut off;
/// otherwise all that loops outside have cut.
Factor factor(const FlowSide& side, int position, bool its_own) {
  std::vector<FlowShare> mine;
  for (const auto& s : side.shares)
    if (its_own ? s.position == position : s.position <= position) mine.push_back(s);
  Factor f{.label = side.label, .value = words_of(mine), .detail = {}, .counts = false};
  if (!side.windows.empty())
    f.detail = windows(mine, side.windows);
  else if (const auto all = words_of(side.shares); f.value < all)
    f.detail = fmt::format("of {}", grouped(all));
  return f;
}

}  // namespace

std::vector<Product> flow_sum(const std::vector<FlowSide>& sides, const std::vector<FlowRepeat>& repeats) {
  std::set<int> positions;
  for (const auto& side : sides)
    for (const auto& s : side.shares) positions.insert(s.position);
  std::vector<Product> sum;
  for (int position : positions) {
    Product p;
    for (const auto& side : sides) p.factors.push_back(factor(side, position, brings_at(side, position)));
    if (p.words() == 0) continue;
    for (const auto& repeat : repeats)
      for (auto& f : repeat(position)) p.factors.push_back(std::move(f));
    std::erase_if(p.factors, [](const Factor& f) { return f.value == 1 && !f.detail.starts_with("of "); });
    sum.push_back(std::move(p));
  }
  return sum;
}

FlowSide plain_side(Dim d, const Pieces& pieces) {
  FlowSide side{.label = std::string(name_of(d)), .shares = {}, .windows = {}};
  for (const auto& p : pieces) side.shares.push_back({p.position, p.count, p.extent, 0});
  return side;
}

FlowSide window_side(bool rows, const Pieces& out, const Pieces& tap, std::int64_t stride, std::int64_t dilation) {
  FlowSide side{.label = rows ? "rows" : "columns", .shares = {}, .windows = "windows"};
  const auto alone = [](Piece p) {
    p.count = 1;
    return Pieces{p};
  };
  for (const auto& o : out)
    for (const auto& t : tap) {
      const auto each = touched(o.extent, t.extent, stride, dilation);
      const auto position = std::max(o.position, t.position);
      const auto brought = window_histogram(alone(o), alone(t), stride, dilation).up_to(position);
      side.shares.push_back({position, o.count * t.count, each, each - brought, std::ssize(side.shares)});
    }
  return side;
}

FlowSide sent_side(bool rows, const WindowSide& out, const WindowSide& tap, std::int64_t stride,
                   std::int64_t dilation) {
  FlowSide side{.label = rows ? "rows" : "columns", .shares = {}, .windows = "windows"};
  side.windows = "passes";
  std::ptrdiff_t group = 0;
  const auto alone = [](const WindowSide& all, std::int64_t extent) {
    return WindowSide{{{.extent = extent}}, all.steps, all.loops};
  };
  for (const auto& p : out.passes)
    for (const auto& r : tap.passes) {
      const auto h = window_sent(alone(out, p.extent), alone(tap, r.extent), stride, dilation);
      for (const auto& [position, words] : h.bins())
        side.shares.push_back({position, p.count * r.count, words, 0, group});
      ++group;
    }
  return side;
}

std::string by_steps(Dim d, std::int64_t extent, const std::vector<std::int64_t>& steps) {
  std::string text = fmt::format("{} {}", name_of(d), extent);
  for (std::size_t i = 0; i < steps.size(); ++i) text += fmt::format("{}{}", i == 0 ? " by " : ", ", steps[i]);
  return text;
}

std::vector<Cut> outside(const std::vector<Cut>& loops, int position) {
  return {loops.begin(), std::ranges::find_if(loops, [&](const Cut& c) { return c.position >= position; })};
}

std::vector<std::int64_t> steps_of(const std::vector<Cut>& loops) {
  std::vector<std::int64_t> steps;
  for (const auto& c : loops) steps.push_back(c.step);
  return steps;
}

}  // namespace eyrie
