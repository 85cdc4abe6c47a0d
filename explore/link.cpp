#include "explore/link.hpp"

namespace eyrie {

void describe(Fields& f, LinkWay& w) {
  f.about("one way of a link");
  f.required("mbit_per_s", w.mbit_per_s, "bandwidth in 10^6 bit/s, as payload sees it");
  f.required("energy_per_bit", w.energy_per_bit, "that a bit of payload costs the device");
  f.optional("energy_per_message", w.energy_per_message, "that a message costs the device beside its bits");
}

void describe(Fields& f, RadioTail& t) {
  f.about("a radio that stays on after the last message of an inference");
  f.required("power", t.power, "that it draws");
  f.required("time", t.time, "for how long");
}

void describe(Fields& f, Link& l) {
  f.about("a link of the device");
  f.required("up", l.up, "from the device");
  f.required("down", l.down, "to the device");
  f.required("round_trip", l.round_trip, "there and back, of a message without bits; a message takes half of it");
  f.optional("tail", l.tail, "once an inference that uses the link");
}

void check(const Link& l, const std::string& key, Diagnostics& wrong) {
  check(l.round_trip, key + ".round_trip", wrong);
}

std::vector<StatedFigure> figures_of(const Link& l, const std::string& key) {
  std::vector<StatedFigure> all;
  for (const auto& [name, way] : {std::pair{".up", &l.up}, std::pair{".down", &l.down}}) {
    all.push_back(stated(key + name + ".mbit_per_s", way->mbit_per_s, "Mbit/s"));
    all.push_back(stated(key + name + ".energy_per_bit", way->energy_per_bit, "pJ"));
    if (way->energy_per_message)
      all.push_back(stated(key + name + ".energy_per_message", *way->energy_per_message, "pJ"));
  }
  for (auto& figure : figures_of(l.round_trip, key + ".round_trip")) all.push_back(std::move(figure));
  if (l.tail) {
    all.push_back(stated(key + ".tail.power", l.tail->power, "mW"));
    all.push_back(stated(key + ".tail.time", l.tail->time, "s"));
  }
  return all;
}

Seconds LinkWay::time_of(Bits bits) const {
  return Seconds{static_cast<double>(bits.count()) / (mbit_per_s.value * 1e6)};
}

Picojoules LinkWay::energy_of(Bits bits) const {
  const auto fixed = energy_per_message ? energy_per_message->value : Picojoules{0};
  return fixed + energy_per_bit.value * static_cast<double>(bits.count());
}

Picojoules Link::tail_energy() const { return tail ? energy_over(tail->power.value, tail->time.value) : Picojoules{0}; }

}  // namespace eyrie
