import type { Prober } from '../prober'
import { understood } from '../prober'
import { parseDriverQuery } from '../parsers/driver-query'

/**
 * Bus width and memory type, which no command line tool and no sysfs file tells. Drivers answer through a C library
 * (NVML) and an ioctl (amdgpu); Python's standard library reaches both, so no native module has to be shipped.
 * Optional: without python3 these values come from the list of known cards, or stay unknown.
 *
 * NVML: nvmlPciInfo_t has the address as text at byte 36; clock type 2 is memory.
 * amdgpu: AMDGPU_INFO_DEV_INFO (0x16) fills drm_amdgpu_info_device: max_memory_clock in kHz at byte 40, vram_type at
 * 176, vram_bit_width at 180.
 */
const SCRIPT = `
import ctypes, fcntl, glob, json, os, struct
found = {"nvml": [], "amdgpu": []}
try:
    lib = ctypes.CDLL("libnvidia-ml.so.1")
    if lib.nvmlInit_v2() == 0:
        count = ctypes.c_uint()
        lib.nvmlDeviceGetCount_v2(ctypes.byref(count))
        for i in range(count.value):
            card, width, clock = ctypes.c_void_p(), ctypes.c_uint(), ctypes.c_uint()
            pci = ctypes.create_string_buffer(128)
            if lib.nvmlDeviceGetHandleByIndex_v2(i, ctypes.byref(card)) != 0:
                continue
            if lib.nvmlDeviceGetPciInfo_v3(card, pci) != 0:
                continue
            told = {"busId": pci.raw[36:68].split(b"\\0")[0].decode()}
            if lib.nvmlDeviceGetMemoryBusWidth(card, ctypes.byref(width)) == 0:
                told["busWidth"] = width.value
            if lib.nvmlDeviceGetMaxClockInfo(card, 2, ctypes.byref(clock)) == 0:
                told["memoryClock"] = clock.value
            found["nvml"].append(told)
except Exception:
    pass
for node in sorted(glob.glob("/dev/dri/renderD*")):
    try:
        device = os.path.realpath("/sys/class/drm/" + os.path.basename(node) + "/device")
        if os.path.basename(os.path.realpath(device + "/driver")) != "amdgpu":
            continue
        info = ctypes.create_string_buffer(256)
        request = bytearray(struct.pack("QII16x", ctypes.addressof(info), 256, 0x16))
        handle = os.open(node, os.O_RDWR)
        try:
            fcntl.ioctl(handle, 0x40206445, request)
        finally:
            os.close(handle)
        kind, width = struct.unpack_from("II", info.raw, 176)
        (clock,) = struct.unpack_from("Q", info.raw, 40)
        found["amdgpu"].append({"busId": os.path.basename(device), "vramType": kind,
                                "busWidth": width, "memoryClock": clock})
    except Exception:
        pass
print(json.dumps(found))
`

export const driverQuery: Prober = {
  name: 'driver query',
  platforms: ['linux'],
  supplements: true,
  async probe(host, timeoutMs) {
    const output = await host.run('python3', ['-I', '-c', SCRIPT], timeoutMs)
    return output.ok ? understood(parseDriverQuery(output.value.stdout), 'python3') : output
  },
}
