#include "sim/array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/ensure.hpp"

namespace eyrie::sim {

static constexpr const char* kMasters[] = {"the ifmap network", "the filter network", "the psum network"};

ArrayCore::ArrayCore(const Architecture& a, const LayerNest& l, const TileStrides& strides, PeSetting setting,
                     std::array<bool, 3> passes_by, std::optional<PePlace> faulty_pe, std::optional<PePlace> stopped_pe)
    : a_{a}, setting_{setting}, faulty_{faulty_pe}, kernel_{l, strides, setting} {
  const auto n = static_cast<std::size_t>(a.pes());
  pes_.resize(n);
  below_.resize(n);
  top_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = static_cast<std::int64_t>(i) / a.array.columns,
               column = static_cast<std::int64_t>(i) % a.array.columns;
    pe_units_.push_back(engine_.add([row, column] { return fmt::format("pe({},{})", row, column); }));
    pes_[i].input.fifo = static_cast<std::int32_t>(a.network(NocRole::Deliver, Operand::Input)->fifo.count());
    pes_[i].weight.fifo = static_cast<std::int32_t>(a.network(NocRole::Deliver, Operand::Weight)->fifo.count());
    pes_[i].input.depth = static_cast<std::int32_t>(a.spad(Operand::Input)->depth.count());
    pes_[i].weight.depth = static_cast<std::int32_t>(a.spad(Operand::Weight)->depth.count());
    pes_[i].faulty = faulty_pe == PePlace{row, column};
    pes_[i].stopped = stopped_pe == PePlace{row, column};
  }
  for (Operand t : kAllOperands) {
    const auto& noc = *a.network(NocRole::Deliver, t);
    auto& bus = in_[static_cast<std::size_t>(t)];
    bus.unit = engine_.add([t] { return kMasters[static_cast<std::size_t>(t)]; });
    bus.width = noc.width.count();
    bus.latency = noc.latency.count();
    bus.port = a.read_rate(t).count();
    bus.from_link = passes_by[static_cast<std::size_t>(t)] && t != Operand::Output;
    bus.bits = a.width(t).count();
    bus.wiring = {noc.wiring(), a.array.rows, a.array.columns};
  }
  const auto& gon = *a.network(NocRole::Collect, Operand::Output);
  out_.unit = engine_.add([] { return "the collecting network"; });
  out_.width = gon.width.count();
  out_.latency = gon.latency.count();
  out_.port = a.write_rate(Operand::Output).count();
  out_.from_link = passes_by[static_cast<std::size_t>(Operand::Output)];
  out_.bits = a.words.output.count();
  out_.wiring = {gon.wiring(), a.array.rows, a.array.columns};
  engine_.set_arbiter([this](Time horizon) { return collect(horizon); });
}

PePlace ArrayCore::place_of(std::int32_t planned) const {
  const auto& p = order_.plan->pes[static_cast<std::size_t>(planned)];
  return {p.row, p.column};
}

/// Pitches of wire that a word to these PEs charges; none where they are not counted.
std::int64_t ArrayCore::wires(const Bus& bus, const std::vector<std::int32_t>& to) const {
  if (!a_.array.pitch) return 0;
  std::vector<PePlace> takers;
  for (auto planned : to) takers.push_back(place_of(planned));
  return bus.wiring.pitches(takers);
}

Pe& ArrayCore::pe_of(std::int32_t planned) {
  const auto& p = order_.plan->pes[static_cast<std::size_t>(planned)];
  return pes_[static_cast<std::size_t>(p.row * a_.array.columns + p.column)];
}

void ArrayCore::begin(const PassOrder& order, Tiles& tiles) {
  order_ = order;
  tiles_ = &tiles;
  entry_ = entry_of(order);
  const Memory* memory = memory_of(order);
  replayed_ = memory && may_replay(order, memory->outcome.cycles);
  if (replayed_) return replay(*memory);
  traffic_before_ = traffic_;
  counts_before_ = pe_counts();
  for (std::size_t t = 0; t < 3; ++t) in_[t].last = t < 2 ? entry_[t].from - 1 : -1;
  out_.last = -1;
  wire(order);
  for (std::size_t i = 0; i < order.plan->pes.size(); ++i) {
    Pe& pe = pe_of(static_cast<std::int32_t>(i));
    engine_.start(pe_units_[static_cast<std::size_t>(&pe - pes_.data())], pe.run(engine_, setting_));
  }
  engine_.start(in_[0].unit, deliver(Operand::Input));
  if (!order.plan->weights.beats.empty()) engine_.start(in_[1].unit, deliver(Operand::Weight));
  if (order.read_psums) engine_.start(in_[2].unit, deliver_psums());
}

/// Arms the PEs of the pass and connects each chain, bottom to top.
void ArrayCore::wire(const PassOrder& order) {
  const auto slots = static_cast<std::int32_t>(a_.spad(Operand::Output)->depth.count());
  const auto index = [&](std::int32_t planned) { return static_cast<std::size_t>(&pe_of(planned) - pes_.data()); };
  leaving_.clear();
  slots_.reset();
  turn_ = 0;
  to_collect_ = 0;
  for (const auto& chain : order.plan->chains) {
    for (std::size_t i = 0; i < chain.pes.size(); ++i) {
      const auto me = index(chain.pes[i]);
      Pe& pe = pes_[me];
      pe.arm(order.plan->programs[order.plan->pes[static_cast<std::size_t>(chain.pes[i])].program], slots, entry_);
      const bool bottom = i == 0, top = i + 1 == chain.pes.size();
      const auto role = bottom ? NocRole::Deliver : NocRole::Forward;
      below_[me].reset(static_cast<std::int32_t>(a_.network(role, Operand::Output)->fifo.count()));
      pe.psums_in = bottom && !order.read_psums ? nullptr : &below_[me];
      pe.feeders = {in_[0].unit, in_[1].unit, bottom ? in_[2].unit : pe_units_[index(chain.pes[i - 1])],
                    top ? out_.unit : pe_units_[index(chain.pes[i + 1])]};
      if (top) {
        top_[me].reset(static_cast<std::int32_t>(a_.network(NocRole::Collect, Operand::Output)->fifo.count()));
        pe.psums_out = &top_[me];
        leaving_.push_back(
            {.fifo = &top_[me], .window = 0, .left = chain.windows.front(), .next = 0, .top = place_of(chain.pes[i])});
      } else {
        pe.psums_out = &below_[index(chain.pes[i + 1])];
      }
    }
    to_collect_ += std::ssize(chain.addresses);
    const auto hops = std::ssize(chain.addresses) * (std::ssize(chain.pes) - 1);
    traffic_.forwarded += hops;
    if (a_.array.pitch) traffic_.wires_up += hops;
  }
}

/// Core cycles until `words` have crossed DRAM's link; its latency in its own clock.
Time ArrayCore::link_time(const Bus& bus, std::int64_t words, Cycles latency) const {
  const auto bytes = static_cast<double>(bytes_of(Words{words}, Bits{bus.bits}).count());
  const Cycles link{static_cast<std::int64_t>(std::ceil(bytes / a_.dram.bandwidth.count()))};
  return a_.core_cycles(latency + link, a_.dram.clock).count();
}

/// A beat leaves when every PE that wants it has room, and so never waits on its way: on a mesh it is seen a cycle
/// later for every hop, and on the tree of routes from one port beats of different cycles do not meet. Words that pass
/// by the buffer also have to have come from DRAM, whose link stands still while the network's FIFO of such words is
/// full.
Task ArrayCore::deliver(Operand t) {
  const bool input = t == Operand::Input;
  const DeliverPlan& plan = input ? order_.plan->inputs : order_.plan->weights;
  const std::int16_t* memory =
      (input ? tiles_->input.data() : tiles_->weight.data()) + order_.base[static_cast<std::size_t>(t)];
  Bus& bus = in_[static_cast<std::size_t>(t)];
  const auto fifo = a_.network(NocRole::Deliver, t)->fifo.count();
  std::vector<std::pair<std::int64_t, Time>> fired;  // words so far, and when their beat left
  std::size_t gone = 0;                              // beats that have left when the next one comes
  Time stood = 0;
  std::vector<std::int64_t> pitches;
  for (const auto& to : plan.destinations) pitches.push_back(wires(bus, to));
  for (const Beat& beat : plan.beats) {
    const auto& to = plan.destinations[static_cast<std::size_t>(beat.to)];
    Time fire = bus.last + 1;
    if (bus.from_link) {
      const Time unhindered = link_time(bus, beat.first + beat.words, a_.dram.latency);
      Time arrives = unhindered + stood;
      while (beat.first + beat.words - (gone == 0 ? 0 : fired[gone - 1].first) > fifo) ++gone;
      if (gone > 0) arrives = std::max(arrives, fired[gone - 1].second + 1);
      stood = arrives - unhindered;
      fire = std::max(fire, arrives);
    }
    for (auto planned : to) {
      Pe& pe = pe_of(planned);
      SpadPort& port = input ? pe.input : pe.weight;
      while (!port.room_known(beat.words))
        co_await engine_.blocked(port.credit,
                                 {pe_units_[static_cast<std::size_t>(&pe - pes_.data())], "room in the FIFO"});
      fire = std::max(fire, bus.wiring.known_at(port.room_at(beat.words), place_of(planned)));
    }
    co_await engine_.until(fire);
    const Time last = fire + beat_cycles(bus, beat.words) - 1;
    for (auto planned : to) {
      Pe& pe = pe_of(planned);
      SpadPort& port = input ? pe.input : pe.weight;
      const Time seen = last + bus.latency + bus.wiring.hops(place_of(planned));
      for (std::int32_t k = 0; k < beat.words; ++k)
        port.push(seen, memory[plan.addresses[static_cast<std::size_t>(beat.first + k)]]);
      port.advance(engine_);
    }
    bus.last = last;
    if (bus.from_link) fired.emplace_back(beat.first + beat.words, fire);
    traffic_.sent[static_cast<std::size_t>(t)] += beat.words;
    traffic_.delivered[static_cast<std::size_t>(t)] += beat.words * std::ssize(to);
    traffic_.wires[static_cast<std::size_t>(t)] += beat.words * pitches[static_cast<std::size_t>(beat.to)];
  }
}

/// Psums from the buffer to the bottoms of the chains, in the order of the plan.
Task ArrayCore::deliver_psums() {
  Bus& bus = in_[2];
  const std::int32_t* memory = tiles_->output.data() + order_.base[2];
  for (const Beat& beat : order_.plan->psum_beats) {
    const Chain& chain = order_.plan->chains[static_cast<std::size_t>(beat.to)];
    Pe& pe = pe_of(chain.pes.front());
    PsumFifo& fifo = *pe.psums_in;
    while (!fifo.room_known(beat.words))
      co_await engine_.blocked(fifo.emptied,
                               {pe_units_[static_cast<std::size_t>(&pe - pes_.data())], "room in the FIFO"});
    const PePlace place = place_of(chain.pes.front());
    const Time fire = std::max(bus.last + 1, bus.wiring.known_at(fifo.room_at(beat.words), place));
    co_await engine_.until(fire);
    const Time last = fire + beat_cycles(bus, beat.words) - 1;
    for (std::int32_t k = 0; k < beat.words; ++k)
      fifo.push(last + bus.latency + bus.wiring.hops(place),
                memory[chain.addresses[static_cast<std::size_t>(beat.first + k)]]);
    engine_.signal(fifo.filled);
    bus.last = last;
    traffic_.sent[2] += beat.words;
    traffic_.delivered[2] += beat.words;
    traffic_.wires[2] += beat.words * wires(bus, {chain.pes.front()});
  }
}

/// The collecting network is an arbiter: of the chains with a whole beat ready it takes the next in turn. When all
/// units rest, whatever is still unknown depends on a grant at `now` or later and is seen at now + 1 + to_neighbour at
/// the earliest, so that many grants may be taken at once.
bool ArrayCore::collect(Time horizon) {
  Time now = 0;
  if (!grant(now, horizon)) return false;
  const Time safe = std::min(horizon, now + setting_.to_neighbour);
  while (grant(now, safe)) {
  }
  return true;
}

/// When the chain's next beat is whole; kForever if that is not known.
Time ArrayCore::ready(const Leaving& l) const {
  const auto words = static_cast<std::int32_t>(std::min<std::int64_t>(out_.width, l.left));
  return l.left > 0 && l.fifo->holds(words) ? l.fifo->visible(words - 1) : kForever;
}

/// Cycles in which the buffer, or DRAM's link, takes a beat.
Time ArrayCore::sink_time(std::int32_t words) const {
  const Time port = ceil_div(words, out_.port);
  return out_.from_link ? std::max(port, link_time(out_, words, Cycles{})) : port;  // whole cycles of the link
}

/// When the chain's next beat may leave; kForever if that is not known.
Time ArrayCore::earliest(const Leaving& l) const {
  const Time from = ready(l);
  if (from == kForever) return kForever;
  if (out_.wiring.kind() != NocKind::Mesh) return std::max(out_.last + 1, from);
  const auto words = static_cast<std::int32_t>(std::min<std::int64_t>(out_.width, l.left));
  return slots_.earliest(from, out_.wiring.hops(l.top), sink_time(words));
}

bool ArrayCore::stuck() const {
  return engine_.stuck() && std::ranges::all_of(leaving_, [&](const Leaving& l) { return ready(l) == kForever; });
}

bool ArrayCore::grant(Time& now, Time until) {
  if (to_collect_ == 0) return false;
  now = kForever;
  for (const auto& l : leaving_) now = std::min(now, earliest(l));
  if (now == kForever || now > until) return false;
  for (std::size_t k = 0; k < leaving_.size(); ++k) {
    const auto c = (turn_ + k) % leaving_.size();
    Leaving& l = leaving_[c];
    if (earliest(l) > now) continue;
    const auto words = static_cast<std::int32_t>(std::min<std::int64_t>(out_.width, l.left));
    const Chain& chain = order_.plan->chains[c];
    for (std::int32_t i = 0; i < words; ++i)
      tiles_->output[static_cast<std::size_t>(order_.base[2] + chain.addresses[static_cast<std::size_t>(l.next++)])] =
          l.fifo->pop(now);
    engine_.signal(l.fifo->emptied);
    const Time takes = sink_time(words), hops = out_.wiring.hops(l.top);
    if (out_.wiring.kind() == NocKind::Mesh) slots_.take(now, hops, takes);
    out_.last = std::max(out_.last, now + hops + takes - 1);
    if (a_.array.pitch) traffic_.wires_out += words * out_.wiring.pitches(std::array{l.top});
    to_collect_ -= words;
    traffic_.collected += words;
    l.left -= words;
    if (l.left == 0 && ++l.window < chain.windows.size()) l.left = chain.windows[l.window];
    turn_ = (c + 1) % leaving_.size();
    return true;
  }
  throw InternalError("a chain that was ready is no longer");
}

/// Units run ahead to the horizon; a clock is a horizon that goes on by one.
bool ArrayCore::advance(Time horizon, Stepping) {
  if (replayed_) return true;
  if (!engine_.run(horizon) || to_collect_ > 0) return false;
  finish_pass();
  return true;
}

void ArrayCore::view(Time cycle, ArrayView& seen) const {
  seen.pes.assign(pes_.size(), {});
  for (const auto& p : order_.plan->pes) {
    const auto i = static_cast<std::size_t>(p.row * a_.array.columns + p.column);
    seen.pes[i] = pes_[i].view(cycle);
  }
  for (std::size_t t = 0; t < 3; ++t)
    seen.in[t] = {.busy = cycle >= 0 && in_[t].last >= cycle, .words = traffic_.sent[t]};
  seen.out = {.busy = cycle >= 0 && out_.last >= cycle, .words = traffic_.collected};
}

PeCounts ArrayCore::pe_counts() const {
  PeCounts all = replayed_counts_;
  all += elsewhere_;
  for (const auto& pe : pes_) all += pe.counts;
  return all;
}

}  // namespace eyrie::sim
