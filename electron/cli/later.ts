import { EXIT, type Command } from './command'

function later(name: string, summary: string, meanwhile: string): Command {
  const help = `${name}: ${summary}. It is not part of this version. ${meanwhile}`
  return {
    summary: `${summary} (comes in a later version)`,
    help,
    run: (_args, surface) => {
      surface.tell(help)
      return Promise.resolve(EXIT.usage)
    },
  }
}

export const exportCommand = later(
  'export',
  'takes a trained model to PyTorch, TensorFlow, Caffe or ONNX',
  'Until then, model.safetensors in the run folder holds the weights under PyTorch’s names.',
)
