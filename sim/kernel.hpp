#pragma once

#include <systemc>

namespace eyrie::sim {

/// A SystemC kernel of one's own for one simulation. The packaged 2.3.4 keeps its kernel in two exported globals; a
/// second elaboration in a process needs a fresh context. The first context owns events that live until exit and is
/// never deleted. One thread only; modules must die before their Kernel.
class Kernel {
 public:
  Kernel() {
    first();
    mine_ = new sc_core::sc_simcontext;
    sc_core::sc_curr_simcontext = sc_core::sc_default_global_context = mine_;
  }
  ~Kernel() {
    sc_core::sc_curr_simcontext = sc_core::sc_default_global_context = first();
    delete mine_;
  }
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

 private:
  static sc_core::sc_simcontext* first() {
    static sc_core::sc_simcontext* context = sc_core::sc_get_curr_simcontext();
    return context;
  }
  sc_core::sc_simcontext* mine_;
};

}  // namespace eyrie::sim
