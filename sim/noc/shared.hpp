#pragma once

// Networks without routers: a bus, on which one flit a cycle passes all PEs; the same with tags, so that a flit enters
// only the rows that want it; and wires of their own from every sender to every PE.

#include <optional>

#include "sim/noc/network.hpp"

namespace eyrie::sim::noc {

/// Bus and broadcast: a flit leaves in a cycle, whoever sends it, when each of its destinations has room. Senders take
/// turns.
class Bus : public Network {
 public:
  using Network::Network;
  [[nodiscard]] bool room(Node from) const override;
  void send(Flit) override;

 protected:
  void move() override;
  /// Sends what waits at the next sender in turn that may send, if any; `allowed` narrows the choice.
  template <class Allowed>
  bool grant(std::size_t& turn, Allowed allowed);
  [[nodiscard]] bool all_have_room(const Flit&) const;

 private:
  std::vector<std::optional<Flit>> waiting_ = std::vector<std::optional<Flit>>(static_cast<std::size_t>(nodes()));
  std::size_t turn_ = 0;
};

/// Wires of their own: each sender sends a flit a cycle to one PE, and each PE gets one a cycle.
class Unicast : public Bus {
 public:
  using Bus::Bus;
  void send(Flit) override;

 protected:
  void move() override;

 private:
  std::vector<std::size_t> turns_ = std::vector<std::size_t>(static_cast<std::size_t>(nodes()));
};

/// Which rows and which PEs of a row want a word.
struct Tag {
  std::int32_t row = 0, column = 0;
};

/// One Y bus and an X bus a row. A word carries a tag; it enters the X buses with its row tag, and there the PEs with
/// its column tag take it. Source: Eyeriss, JSSC 2017, III-C: a multicast controller at each X bus and each PE compares
/// the tag with an ID that was scanned in.
class Multicast : public Bus {
 public:
  Multicast(std::int32_t rows, std::int32_t columns, const Timing&);
  void tag_row(std::int32_t row, std::int32_t tag) { row_tags_[static_cast<std::size_t>(row)] = tag; }
  void tag_pe(Node pe, std::int32_t tag) { pe_tags_[static_cast<std::size_t>(pe)] = tag; }
  /// The X buses that a word with this tag enters.
  [[nodiscard]] std::vector<std::int32_t> rows(Tag) const;
  [[nodiscard]] std::vector<Node> takers(Tag) const;
  /// From a node, to all that the tag matches.
  void send_tagged(std::int64_t id, Node from, Tag tag) { send({id, from, takers(tag)}); }

 private:
  std::int32_t columns_;
  std::vector<std::int32_t> row_tags_, pe_tags_;
};

}  // namespace eyrie::sim::noc
