// `eyrie explore --engine mpi` as MPI's ranks run it: rank 0 is the command line, the others are its workers.

#include <mpi.h>

#include <csignal>

#include "app/commands.hpp"
#include "app/mpi/mpi_engine.hpp"
#include "app/study/explore_command.hpp"

namespace {

/// mpirun turns an interrupt into SIGTERM, then into SIGKILL a second or so later: rank 0 has to be quick, and the
/// others have nothing to say.
void heed_interrupts(int rank) {
  for (const int s : {SIGINT, SIGTERM}) {
    if (rank == 0)
      std::signal(s, [](int) { eyrie::interrupt(); });
    else
      std::signal(s, SIG_IGN);
  }
}

}  // namespace

int main(int count, char** values) {
  MPI_Init(&count, &values);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  const int neighbours = eyrie::mpi_ranks_of_machine();
  heed_interrupts(rank);
  int code = 0;
  if (rank == 0) {
    eyrie::MpiRanks ranks;
    code = eyrie::run_command_line_reporting({values, values + count},
                                             [&](const eyrie::ExploreRequest& r, const eyrie::Catalogue& catalogue) {
                                               return eyrie::mpi_engine(ranks, r.jobs, eyrie::memory_of(r), catalogue);
                                             });
    ranks.dismiss(code);
  } else {
    eyrie::serve_mpi(eyrie::Catalogue{values[0]}, neighbours);
  }
  MPI_Finalize();
  return code;
}
