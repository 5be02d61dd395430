/** The device refused what a session asked of it: a shader that does not compile, memory that is not there. */
export class DeviceError extends Error {
  override readonly name: string = 'DeviceError'
}

/** The net is larger than this device's limits allow; says which limit, what is needed and what there is. */
export class DeviceLimitError extends DeviceError {
  override readonly name = 'DeviceLimitError'
}
