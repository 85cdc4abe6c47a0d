// The networks as cores, cycle by cycle, against what is known of them in closed form; and the arithmetic by which the
// array gives mesh arrivals their times against the mesh itself.

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <set>

#include "base/random.hpp"
#include "dataflows/noc_model.hpp"
#include "sim/noc/mesh.hpp"
#include "sim/noc/shared.hpp"
#include "sim/noc/systolic.hpp"
#include "sim/noc/wiring.hpp"

using namespace eyrie;
using namespace eyrie::sim;
using noc::Flit;
using noc::Network;
using noc::Node;
using noc::Timing;

namespace {

std::unique_ptr<Network> make(NocKind kind, std::int32_t rows, std::int32_t columns, const Timing& timing) {
  if (kind == NocKind::Mesh) return std::make_unique<noc::Mesh>(rows, columns, timing);
  if (kind == NocKind::Systolic) return std::make_unique<noc::Systolic>(rows, columns, timing);
  if (kind == NocKind::Unicast) return std::make_unique<noc::Unicast>(rows * columns, timing);
  if (kind == NocKind::Multicast) return std::make_unique<noc::Multicast>(rows, columns, timing);
  return std::make_unique<noc::Bus>(rows * columns, timing);
}

NocShape shape(std::int32_t rows, std::int32_t columns, const Timing& t) {
  return {.rows = rows, .columns = columns, .latency = Cycles{t.latency}, .credit = Cycles{t.credit}};
}

/// Flits waiting at their senders, and what came of them.
struct Driver {
  explicit Driver(Network& its_net) : net{its_net}, queues(static_cast<std::size_t>(net.nodes())) {}

  void add(Node from, std::vector<Node> to) {
    for (Node at : to) expected[{from, at}].push_back(flits);
    left += std::ssize(to);
    queues[static_cast<std::size_t>(from)].push_back({flits++, from, std::move(to)});
  }
  /// A cycle, in which every node takes what it sees if `takes` says so.
  template <class Takes>
  void cycle(Takes takes) {
    for (auto& queue : queues)
      if (!queue.empty() && net.room(queue.front().from)) {
        came_from[queue.front().id] = queue.front().from;
        net.send(std::move(queue.front()));
        queue.pop_front();
      }
    for (Node at = 0; at < net.nodes(); ++at)
      if (const auto id = net.front(at); id >= 0 && takes()) {
        net.take(at);
        seen[{came_from[id], at}].push_back(id);
        last = net.now();
        --left;
      }
    net.step();
  }
  /// The cycle in which the last flit was seen, all taken at once.
  Time drain() {
    while (left > 0) cycle([] { return true; });
    return last;
  }

  Network& net;
  std::vector<std::deque<Flit>> queues;
  std::map<std::int64_t, Node> came_from;
  std::map<std::pair<Node, Node>, std::vector<std::int64_t>> expected, seen;  ///< flits in order, by source and sink
  std::int64_t flits = 0, left = 0;
  Time last = -1;
};

/// Adds `n` flits for every sender of a pattern.
void send_pattern(Driver& d, NocPattern p, std::int32_t rows, std::int32_t columns, std::int64_t n, Random& r) {
  const auto pes = rows * columns;
  for (std::int64_t i = 0; i < n; ++i)
    for (Node from = 0; from < pes; ++from) {
      const auto row = from / columns, column = from % columns;
      if (p == NocPattern::Neighbour && column + 1 < columns) d.add(from, {from + 1});
      if (p == NocPattern::Transpose && row != column) d.add(from, {column * columns + row});
      if (p == NocPattern::Uniform) d.add(from, {static_cast<Node>(r.between(0, pes - 1))});
      if (p == NocPattern::OneSink && from != 0) d.add(from, {0});
      if (p == NocPattern::OneSource && from == 0) d.add(0, {static_cast<Node>(1 + i % (pes - 1))});
    }
}

Time time_of(NocKind kind, NocPattern p, std::int32_t rows, std::int32_t columns, const Timing& timing,
             std::int64_t n) {
  Random r{1, "pattern"};
  const auto net = make(kind, rows, columns, timing);
  Driver d{*net};
  send_pattern(d, p, rows, columns, n, r);
  return d.drain();
}

constexpr std::pair<std::int32_t, std::int32_t> kSizes[] = {{1, 1}, {1, 6}, {2, 3}, {4, 4}, {5, 3}};
constexpr NocKind kAll[] = {NocKind::Bus,     NocKind::Broadcast, NocKind::Multicast,
                            NocKind::Unicast, NocKind::Systolic,  NocKind::Mesh};

}  // namespace

TEST_CASE("a flit alone takes the zero-load latency between all pairs", "[property][noc]") {
  int pairs = 0, impossible = 0;
  for (const auto& [rows, columns] : kSizes)
    for (const NocKind kind : kAll)
      for (const Time latency : {1, 2, 4})
        for (Node from = 0; from < rows * columns; ++from)
          for (Node to = 0; to < rows * columns; ++to) {
            const Timing timing{.latency = latency};
            const auto wanted = zero_load_latency(kind, shape(rows, columns, timing), {from / columns, from % columns},
                                                  {to / columns, to % columns});
            if (!wanted) {
              ++impossible;
              continue;
            }
            const auto net = make(kind, rows, columns, timing);
            for (int k = 0; k < 3; ++k) net->step();
            Driver d{*net};
            d.add(from, {to});
            REQUIRE(d.drain() == 3 + wanted->count());
            ++pairs;
          }
  CHECK(pairs > 5000);
  CHECK(impossible > 100);
}

TEST_CASE("patterns with an exact answer saturate at it", "[property][noc]") {
  using enum NocPattern;
  int compared = 0;
  for (const auto& [rows, columns] : {std::pair{1, 6}, {2, 3}, {4, 4}, {6, 6}, {5, 3}})
    for (const NocKind kind : kAll)
      for (const NocPattern p : {Neighbour, Transpose, OneSink, OneSource}) {
        const Timing timing{.latency = 2, .credit = 2, .fifo = 6};
        const auto bandwidth = saturation_bandwidth(kind, p, shape(rows, columns, timing));
        if (!bandwidth) continue;
        INFO(name_of(kind) << " " << name_of(p) << " " << rows << " x " << columns);
        const std::int64_t n = 4 * (rows * columns - 1);  // whole rounds, so that both end at the same PE
        const auto once = time_of(kind, p, rows, columns, timing, n),
                   twice = time_of(kind, p, rows, columns, timing, 2 * n);
        CHECK(static_cast<double>(twice - once) == Approx(static_cast<double>(n) / *bandwidth).epsilon(1e-12));
        ++compared;
      }
  CHECK(compared > 70);
}

TEST_CASE("uniform traffic on a mesh stays below its bisection and comes near it", "[property][noc]") {
  for (const auto& [rows, columns] : {std::pair{4, 4}, {6, 6}, {8, 8}, {4, 7}, {2, 9}}) {
    const Timing timing{.latency = 1, .credit = 1, .fifo = 8};
    noc::Mesh mesh{rows, columns, timing};
    Driver d{mesh};
    Random r{7, "uniform"};
    send_pattern(d, NocPattern::Uniform, rows, columns, 3000, r);
    const auto pes = rows * columns;
    constexpr Time kFrom = 500, kTo = 2000;
    std::int64_t before = 0;
    for (Time t = 0; t < kTo; ++t) {
      if (t == kFrom) before = d.left;
      d.cycle([] { return true; });
    }
    for (const auto& queue : d.queues) REQUIRE_FALSE(queue.empty());  // all senders had something to send throughout
    const double accepted = static_cast<double>(before - d.left) / static_cast<double>(pes * (kTo - kFrom));
    const auto most = saturation_bandwidth(NocKind::Mesh, NocPattern::Uniform, shape(rows, columns, timing));
    INFO(rows << " x " << columns << ": " << accepted << " of " << *most);
    CHECK(accepted <= *most);
    CHECK(accepted >= 0.55 * *most);
    std::int64_t crossed = 0;  // from the left half to the right; a row has one channel
    for (const auto& [pair, ids] : d.seen)
      if (pair.first % columns < columns / 2 && pair.second % columns >= columns / 2) crossed += std::ssize(ids);
    CHECK(crossed <= rows * kTo);
  }
}

TEST_CASE("a channel moves min(1, fifo / round trip) flits a cycle", "[property][noc]") {
  for (const NocKind kind : {NocKind::Bus, NocKind::Multicast, NocKind::Unicast, NocKind::Mesh})
    for (const Time latency : {1, 3})
      for (const Time credit : {1, 2, 5})
        for (std::int32_t fifo = 1; fifo <= 9; ++fifo) {
          if (kind == NocKind::Mesh && latency > 1) continue;  // the last channel would be the longer one
          const Timing timing{.latency = latency, .credit = credit, .fifo = fifo};
          const auto s = shape(1, 5, timing);
          const auto rate = credit_bandwidth(fifo, credit_round_trip(kind, s));
          const auto stream = [&](std::int64_t n) {
            const auto net = make(kind, 1, 5, timing);
            Driver d{*net};
            for (std::int64_t i = 0; i < n; ++i) d.add(0, {4});
            return d.drain();
          };
          const auto n = std::int64_t{60} * fifo;
          INFO(name_of(kind) << " latency " << latency << " credit " << credit << " fifo " << fifo);
          CHECK(static_cast<double>(stream(2 * n) - stream(n)) == Approx(static_cast<double>(n) / rate).epsilon(1e-12));
        }
}

TEST_CASE("any traffic arrives whole and in order, however slowly it is taken", "[property][noc]") {
  std::int64_t copies = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random r{seed, "traffic"};
    const NocKind kinds[] = {NocKind::Bus, NocKind::Multicast, NocKind::Unicast, NocKind::Mesh, NocKind::Mesh};
    const NocKind kind = kinds[r.between(0, 4)];
    const auto rows = static_cast<std::int32_t>(r.between(1, 6)), columns = static_cast<std::int32_t>(r.between(1, 6));
    const Timing timing{
        .latency = r.between(1, 3), .credit = r.between(1, 3), .fifo = static_cast<std::int32_t>(r.between(1, 4))};
    const auto net = make(kind, rows, columns, timing);
    Driver d{*net};
    const auto node = [&] { return static_cast<Node>(r.between(0, rows * columns - 1)); };
    const auto most = kind == NocKind::Unicast ? 1 : r.between(1, 5);
    for (auto n = r.between(1, 600); n > 0; --n) {
      std::set<Node> to;
      for (auto k = r.between(1, most); k > 0; --k) to.insert(node());
      d.add(node(), {to.begin(), to.end()});
    }
    copies += d.left;
    const double eager = 0.2 + 0.8 * r.unit();
    INFO("seed " << seed << " " << name_of(kind));
    const auto limit = 200 * (d.left + 100);
    while (d.left > 0 && net->now() < limit) d.cycle([&] { return r.chance(eager); });
    REQUIRE(d.left == 0);  // else it is locked up
    CHECK(d.seen == d.expected);
    if (const auto* mesh = dynamic_cast<noc::Mesh*>(net.get())) CHECK(mesh->under_way() == 0);
  }
  CHECK(copies > 100000);
}

TEST_CASE("row and column tags choose the PEs", "[unit][sim][noc]") {
  noc::Multicast net{3, 4, {}};
  for (std::int32_t row = 0; row < 3; ++row) net.tag_row(row, row == 1 ? 7 : 5);
  for (Node pe = 0; pe < 12; ++pe) net.tag_pe(pe, pe % 4 < 2 ? 1 : 2);
  CHECK(net.rows({5, 1}) == std::vector<std::int32_t>{0, 2});
  CHECK(net.takers({5, 1}) == std::vector<Node>{0, 1, 8, 9});
  CHECK(net.takers({7, 2}) == std::vector<Node>{6, 7});
  CHECK(net.takers({3, 1}).empty());
  net.send_tagged(42, 0, {5, 1});
  net.step();
  for (const Node pe : {0, 1, 8, 9}) CHECK(net.front(pe) == 42);
  for (const Node pe : {2, 3, 4, 5, 6, 7, 10, 11}) CHECK(net.front(pe) == -1);
}

TEST_CASE("a systolic row hands a word on to every PE, a cycle later each", "[unit][sim][noc]") {
  noc::Systolic net{2, 3, {.latency = 2}};
  CHECK(net.room(0));
  CHECK_FALSE(net.room(1));  // not an edge
  net.send({9, 3, {3, 5}});
  for (const Time t : {0, 1, 2, 3, 4}) {
    CHECK(net.front(3) == (t == 2 ? 9 : -1));
    CHECK(net.front(4) == -1);
    CHECK(net.front(5) == (t == 4 ? 9 : -1));
    if (net.front(3) >= 0) net.take(3);
    net.step();
  }
}

TEST_CASE("a word charges the wires that it goes along", "[unit][sim][noc]") {
  const std::vector<PePlace> takers{{0, 1}, {2, 1}, {2, 3}};
  const auto pitches = [&](NocKind kind) { return Wiring{kind, 4, 5}.pitches(takers); };
  CHECK(pitches(NocKind::Bus) == 4 + 4 * 5);
  CHECK(pitches(NocKind::Broadcast) == 4 + 4 * 5);
  CHECK(pitches(NocKind::Multicast) == 4 + 2 * 5);
  CHECK(pitches(NocKind::Unicast) == 2 + 4 + 6);
  CHECK(pitches(NocKind::Mesh) == 1 + 3 + 2 + 2);  // to the corner, along row 0, down columns 1 and 3
  const auto from = [&](Edge edge) { return Wiring{NocKind::Systolic, 4, 5, edge}.pitches(takers); };
  CHECK(from(Edge::Left) == 2 + 4);    // along rows 0 and 2
  CHECK(from(Edge::Top) == 3 + 3);     // down columns 1 and 3
  CHECK(from(Edge::Bottom) == 4 + 2);  // up the same
}

TEST_CASE("neighbours hand a word on along their row, and down from its first PE", "[unit][sim][noc]") {
  CHECK(handed_on_pitches({{1, 1}}) == 0);
  CHECK(handed_on_pitches({{1, 1}, {1, 2}, {1, 3}}) == 2);
  CHECK(handed_on_pitches({{0, 0}, {0, 2}, {1, 0}, {1, 2}}) == 2 + 1 + 2);  // every second PE of a row: two pitches
  CHECK(handed_on_pitches({{2, 1}, {1, 2}, {0, 3}}) == 2 + 2);              // a diagonal
}

namespace {

/// A flit from the corner to some PEs, and how long each of them rests before it takes the next.
struct Sent {
  std::vector<Node> to;
  std::vector<Time> rest;
};

/// When flits leave, and when each is seen and taken.
struct Told {
  std::vector<Time> left;
  std::map<std::pair<std::size_t, Node>, Time> seen, taken;
  bool operator==(const Told&) const = default;
};

struct CornerCase {
  std::int32_t rows, columns;
  Time latency;
  std::int64_t fifo;  ///< at each PE
  std::vector<Sent> flits;
};

PePlace place(const CornerCase& c, Node at) { return {at / c.columns, at % c.columns}; }

/// By the recurrences of the array: a flit leaves when the port knows of room at each PE that it goes to.
Told by_arithmetic(const CornerCase& c) {
  const Wiring wiring{NocKind::Mesh, c.rows, c.columns};
  std::map<Node, std::vector<Time>> taken;
  Told told;
  Time last = -1;
  for (std::size_t k = 0; k < c.flits.size(); ++k) {
    Time fire = last + 1;
    for (Node at : c.flits[k].to) {
      const auto before = std::ssize(taken[at]) - c.fifo;
      const Time room = before < 0 ? kAlways : taken[at][static_cast<std::size_t>(before)] + 1;
      fire = std::max(fire, wiring.known_at(room, place(c, at)));
    }
    for (std::size_t i = 0; i < c.flits[k].to.size(); ++i) {
      const Node at = c.flits[k].to[i];
      const Time seen = fire + c.latency + wiring.hops(place(c, at));
      const Time take = taken[at].empty() ? seen : std::max(seen, taken[at].back() + 1 + c.flits[k].rest[i]);
      told.seen[{k, at}] = seen;
      told.taken[{k, at}] = take;
      taken[at].push_back(take);
    }
    told.left.push_back(last = fire);
  }
  return told;
}

/// By routers and buffers, with credits from the PEs that come back along the same hops.
Told by_routers(const CornerCase& c) {
  noc::Mesh mesh{c.rows, c.columns, {.latency = c.latency, .credit = 1, .fifo = 64}};
  std::vector<noc::Credits> credits(static_cast<std::size_t>(mesh.nodes()),
                                    noc::Credits{static_cast<std::int32_t>(c.fifo)});
  std::map<Node, std::deque<Time>> rests;
  std::map<Node, Time> resting_until;
  std::int64_t left = 0;
  for (const auto& f : c.flits) {
    left += std::ssize(f.to);
    for (std::size_t i = 0; i < f.to.size(); ++i) rests[f.to[i]].push_back(f.rest[i]);
  }
  Told told;
  for (std::size_t next = 0; left > 0; mesh.step()) {
    for (auto& credit : credits) credit.step(mesh.now());
    if (next < c.flits.size() && mesh.room(0) &&
        std::ranges::all_of(c.flits[next].to, [&](Node at) { return credits[static_cast<std::size_t>(at)].any(); })) {
      for (Node at : c.flits[next].to) credits[static_cast<std::size_t>(at)].use();
      mesh.send({static_cast<std::int64_t>(next), 0, c.flits[next].to});
      told.left.push_back(mesh.now());
      ++next;
    }
    for (Node at = 0; at < mesh.nodes(); ++at) {
      const auto id = mesh.front(at);
      if (id < 0) continue;
      const std::pair key{static_cast<std::size_t>(id), at};
      told.seen.try_emplace(key, mesh.now());
      const bool first = !resting_until.contains(at);
      if (!first && mesh.now() < resting_until[at] + rests[at].front()) continue;
      mesh.take(at);
      told.taken[key] = mesh.now();
      rests[at].pop_front();
      resting_until[at] = mesh.now() + 1;
      credits[static_cast<std::size_t>(at)].give_back(mesh.now() + 1 + at / c.columns + at % c.columns);
      --left;
    }
  }
  return told;
}

}  // namespace

TEST_CASE("arrivals from one port by arithmetic are those of the mesh, back-pressure included", "[property][noc]") {
  int waited = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Random r{seed, "corner"};
    CornerCase c{.rows = static_cast<std::int32_t>(r.between(1, 6)),
                 .columns = static_cast<std::int32_t>(r.between(1, 6)),
                 .latency = r.between(1, 4),
                 .fifo = r.between(1, 6),
                 .flits = {}};
    const bool trees = r.chance(0.4);
    for (auto n = r.between(1, 120); n > 0; --n) {
      std::set<Node> to;
      for (auto k = trees ? r.between(1, 6) : 1; k > 0; --k)
        to.insert(static_cast<Node>(r.between(0, c.rows * c.columns - 1)));
      Sent f{.to = {to.begin(), to.end()}, .rest = {}};
      for (std::size_t i = 0; i < to.size(); ++i) f.rest.push_back(r.chance(0.3) ? r.between(0, 9) : 0);
      c.flits.push_back(f);
    }
    INFO("seed " << seed);
    const auto told = by_arithmetic(c);
    // What waits at a PE while it rests is seen when the flit before it has gone.
    auto routers = by_routers(c);
    CHECK(told.left == routers.left);
    CHECK(told.taken == routers.taken);
    for (auto& [key, seen] : routers.seen) CHECK(seen >= told.seen.at(key));
    waited += told.left.back() >= std::ssize(told.left) ? 1 : 0;
  }
  CHECK(waited > 200);
}

TEST_CASE("flits that keep to their slots at the sink cross the mesh without waiting", "[property][noc]") {
  std::int64_t flits = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random r{seed, "collect"};
    const auto rows = static_cast<std::int32_t>(r.between(1, 7)), columns = static_cast<std::int32_t>(r.between(1, 7));
    const Time latency = r.between(1, 3);
    const Wiring wiring{NocKind::Mesh, rows, columns};
    const auto hops = [&](Node at) { return wiring.hops({at / columns, at % columns}); };
    std::map<Node, Time> ready;  // each PE's next flit
    for (Node at = 0; at < rows * columns; ++at)
      if (r.chance(0.6)) ready[at] = r.between(0, 30);
    SinkSlots slots;
    std::multimap<Time, Node> leaves;
    for (int n = 0; n < 150 && !ready.empty(); ++n) {
      const auto at = [&](const auto& pe) { return slots.earliest(pe.second, hops(pe.first), 1); };
      const auto first = std::ranges::min_element(ready, {}, at);
      const Time now = at(*first);
      slots.take(now, hops(first->first), 1);
      leaves.emplace(now, first->first);
      first->second = now + 1 + (r.chance(0.3) ? r.between(0, 20) : 0);
    }
    flits += std::ssize(leaves);
    noc::Mesh mesh{rows, columns, {.latency = latency, .credit = 1, .fifo = 4}};
    std::map<std::int64_t, Time> due;
    std::int64_t id = 0;
    INFO("seed " << seed);
    for (auto next = leaves.begin(); next != leaves.end() || !due.empty(); mesh.step()) {
      for (; next != leaves.end() && next->first == mesh.now(); ++next) {
        due[id] = mesh.now() + hops(next->second) + latency;
        mesh.send({id++, next->second, {0}});
      }
      if (const auto seen = mesh.front(0); seen >= 0) {
        REQUIRE(due.at(seen) == mesh.now());
        due.erase(seen);
        mesh.take(0);
      }
      for (const auto& [late, at] : due) REQUIRE(at >= mesh.now());
    }
  }
  CHECK(flits > 20000);
}
