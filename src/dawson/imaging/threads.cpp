#include "dawson/imaging/threads.h"

#include <itkMultiThreaderBase.h>
#include <itkVersion.h>

#include <algorithm>

namespace dawson::imaging {

void set_threads(int count) {
  const auto threads = static_cast<itk::ThreadIdType>(std::max(count, 1));
  itk::MultiThreaderBase::SetGlobalMaximumNumberOfThreads(threads);
  itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(threads);
}

std::string itk_version() {
  return itk::Version::GetITKVersion();
}

}  // namespace dawson::imaging
