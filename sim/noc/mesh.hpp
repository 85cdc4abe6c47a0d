#pragma once

#include <array>
#include <optional>

#include "sim/noc/network.hpp"

namespace eyrie::sim::noc {

/// A 2-D mesh of input-buffered routers with one virtual channel. A packet is one flit; it goes along its row first and
/// then along its column (XY), a hop a cycle where nothing hinders it, and leaves at its destination `latency` later.
/// An output sends when the buffer behind it has a place, which its credit says `credit` cycles after a flit left that
/// buffer; inputs that want the same output take turns. A flit for several PEs travels as a tree of XY routes: it stays
/// at the head of its buffer until every branch has its copy.
///
/// No deadlock: a flit waits only for places of buffers further along its XY order (rows, then columns, then out), in
/// which there is no cycle, and it holds no other place meanwhile; flits at their destination are taken in the end.
/// Source: Dally and Towles, Principles and Practices of Interconnection Networks, 2004, ch. 8.2, 14.3.1, 16.1, 18.
class Mesh : public Network {
 public:
  Mesh(std::int32_t rows, std::int32_t columns, const Timing&);
  [[nodiscard]] bool room(Node from) const override;
  void send(Flit) override;
  /// Flits in all buffers, not yet at a destination.
  [[nodiscard]] std::int64_t under_way() const;

 private:
  enum Port : std::size_t { West, East, North, South, Local };
  static constexpr std::size_t kPorts = 5;
  struct Waiting {
    Flit flit;
    Time from = 0;  ///< first cycle in which it may go on
  };
  struct Router {
    std::array<std::deque<Waiting>, kPorts> in;
    std::array<std::size_t, kPorts> turn{};
    std::vector<Credits> places;  ///< of each input's buffer, as who sends to it knows them
  };
  void move() override;
  bool offer(Node at, Port out);
  void pass_on(Node at, Port out, Waiting&);
  [[nodiscard]] Port way(Node at, Node to) const;
  [[nodiscard]] bool wants(Node at, const Waiting&, Port out) const;
  [[nodiscard]] bool may_send(Node at, Port out) const;
  [[nodiscard]] std::pair<Node, Port> behind(Node at, Port out) const;
  Router& router(Node at) { return routers_[static_cast<std::size_t>(at)]; }
  [[nodiscard]] const Router& router(Node at) const { return routers_[static_cast<std::size_t>(at)]; }

  std::int32_t columns_;
  std::vector<Router> routers_;
};

}  // namespace eyrie::sim::noc
